"""Nothing accepted is lost and nothing is done twice, whatever is killed, frozen or cut off under load."""

import pytest

from chassis.topology_names import event_queue
from tests.fault import crowds, faults
from tests.fault.asking import assert_unavailable
from tests.fault.profile import PROFILE
from tests.fault.stand import Stand

pytestmark = [pytest.mark.fault, pytest.mark.timeout(PROFILE.patience)]

repeated = pytest.mark.parametrize("repetition", range(1, PROFILE.repetitions + 1))


@pytest.mark.parametrize(
    "failpoint",
    [
        pytest.param("events command.after_insert 37", id="after the insert"),
        pytest.param("welfare command.after_insert 13", id="after the insert of what costs money"),
        pytest.param("events relay.before_publish 11", id="after the commit, before publishing"),
        pytest.param("events relay.before_mark 11", id="after publishing, before marking"),
        pytest.param("reporting subscription.before_commit 7", id="before the consumer's commit"),
        pytest.param("reporting subscription.before_ack 7", id="after the consumer's commit, before the ack"),
        pytest.param("events command.before_reply 37", id="after the commit, before the reply"),
        pytest.param("welfare command.before_reply 13", id="after the commit of what costs money"),
    ],
)
def test_nothing_is_lost_or_done_twice_when_processes_are_killed(stand: Stand, failpoint: str) -> None:
    with stand.disturbed(f"kill -9: {failpoint}") as run:
        run.kills = faults.kill_at(stand.platform, failpoint, PROFILE.kills, stand.load.is_broken)


def test_nothing_is_lost_or_done_twice_when_importers_are_killed_between_batches(stand: Stand) -> None:
    with stand.disturbed("membership: kill -9 between batches of an import") as run:
        run.kills = crowds.kill_importers(stand, PROFILE.kills)


@repeated
def test_nothing_is_lost_or_done_twice_when_the_broker_is_stopped_and_started(stand: Stand, repetition: int) -> None:
    with stand.disturbed("broker stopped and started", repetition), faults.broker_down(stand.platform):
        assert_unavailable(stand)


@repeated
def test_nothing_is_lost_or_done_twice_when_the_broker_is_frozen(stand: Stand, repetition: int) -> None:
    with stand.disturbed(f"broker frozen {PROFILE.freeze:.0f} s", repetition):
        faults.freeze_broker(stand.platform, PROFILE.freeze)


@repeated
def test_nothing_is_lost_or_done_twice_when_connections_are_half_open(stand: Stand, repetition: int) -> None:
    with stand.disturbed("half-open connections", repetition):
        assert stand.platform.proxy.go_silent()
        stand.platform.wait_ready()
        stand.load.await_requests(100)


@repeated
def test_nothing_is_lost_or_done_twice_under_a_memory_alarm(stand: Stand, repetition: int) -> None:
    with stand.disturbed(f"memory alarm {PROFILE.freeze:.0f} s", repetition):
        faults.raise_memory_alarm(stand.platform, PROFILE.freeze)


@repeated
def test_nothing_is_lost_or_done_twice_when_postgresql_is_restarted(stand: Stand, repetition: int) -> None:
    with stand.disturbed("PostgreSQL restarted", repetition):
        stand.platform.postgres.restart()


@repeated
def test_nothing_is_lost_or_done_twice_when_each_process_gets_sigterm(stand: Stand, repetition: int) -> None:
    with stand.disturbed("SIGTERM in mid-flight", repetition):
        statuses = faults.restart_each(stand.platform)
    assert statuses == dict.fromkeys(stand.platform.process_names(), 0)


@repeated
def test_another_relay_takes_over_when_the_leader_is_frozen(stand: Stand, repetition: int) -> None:
    with stand.disturbed("relay leader frozen", repetition):
        faults.freeze_leader(stand.platform, "events")


@repeated
def test_events_that_come_three_times_in_any_order_count_once(stand: Stand, repetition: int) -> None:
    with (
        stand.recorded("every event three times, shuffled", repetition),
        faults.stopped(stand.platform, "reporting"),
    ):
        with stand.load.running():
            pass
        stand.verifier.await_published()
        faults.triple(stand.platform.broker, event_queue("reporting"))
