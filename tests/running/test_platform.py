"""The platform as a whole, and the command line in front of it."""

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from unionctl.errors import NotReady
from unionctl.main import main
from unionctl.management import http
from unionctl.platform import Platform
from unionctl.processes import Spec, wait_until
from unionctl.services import RUNNING, instances


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A whole platform with two instances of one service."""
    with tempfile.TemporaryDirectory() as path:
        platform = Platform(Path(path))
        try:
            platform.start(scale={"events": 2})
            yield platform
        finally:
            platform.stop()


def unionctl(platform: Platform, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--run-dir", str(platform.directory.path), *arguments])


def test_every_service_has_a_process_and_a_scaled_one_has_more() -> None:
    assert instances(("membership", "events"), {"events": 2}) == ["membership.1", "events.1", "events.2"]


def test_a_scale_for_an_unknown_service_is_refused_before_anything_starts(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--run-dir", str(tmp_path / "x"), "up", "--scale", "evnts=2"])
    assert (result.exit_code, "No service is called evnts" in result.output) == (1, True)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["down", "status"])
def test_looking_at_a_platform_that_never_ran_leaves_no_trace(tmp_path: Path, command: str) -> None:
    result = CliRunner().invoke(main, ["--run-dir", str(tmp_path / "x"), command])
    assert result.exit_code == 0
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_up_makes_every_process_ready(platform: Platform) -> None:
    assert platform.process_names() == sorted([*(f"{service}.1" for service in RUNNING), "events.2"])
    for process in platform.process_names():
        for path in ("live", "ready", "metrics"):
            assert http().get(f"http://{platform.ops_address(process)}/{path}").ok


@pytest.mark.slow
def test_up_again_leaves_what_runs_alone_and_stops_what_is_no_longer_wanted(platform: Platform) -> None:
    before = {name: platform.processes.pid(name) for name in platform.processes.names()}
    assert unionctl(platform, "up").exit_code == 0
    after = {name: platform.processes.pid(name) for name in platform.processes.names()}
    assert before.keys() - after.keys() == {"events.2"}
    assert after.items() <= before.items()
    platform.start(scale={"events": 2})


@pytest.mark.slow
def test_a_killed_service_becomes_ready_again(platform: Platform) -> None:
    before = platform.processes.restarts("events.1")
    platform.signal("events.1", signal.SIGKILL)
    wait_until(lambda: platform.processes.restarts("events.1") > before, 10, "It stayed dead.")
    platform.wait_ready("events.1")


@pytest.mark.slow
def test_services_wait_for_a_broker_that_comes_back(platform: Platform) -> None:
    platform.broker.stop()
    platform.broker.start()
    platform.wait_ready()


def test_restart_takes_one_process_after_the_other(platform: Platform) -> None:
    before = [platform.processes.pid(name) for name in ("events.1", "events.2", "reporting.1")]
    assert unionctl(platform, "restart", "events").output.splitlines() == ["events.1 runs again", "events.2 runs again"]
    after = [platform.processes.pid(name) for name in ("events.1", "events.2", "reporting.1")]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]


def test_status_names_every_process_and_the_way_in(platform: Platform) -> None:
    output = unionctl(platform, "status").output
    assert all(name in output for name in platform.processes.names())
    assert platform.url in output


def test_logs_are_shown_of_one_service_or_of_all(platform: Platform) -> None:
    one, everything = unionctl(platform, "logs", "events").output, unionctl(platform, "logs").output
    assert {line.split()[0] for line in one.splitlines()} == {"events.1", "events.2"}
    assert {"membership.1", "postgres", "rabbitmq"} <= {line.split()[0] for line in everything.splitlines()}


def test_an_unknown_process_is_named_in_one_sentence(platform: Platform) -> None:
    for arguments in (["restart", "nobody"], ["logs", "nobody"]):
        result = unionctl(platform, *arguments)
        assert (result.exit_code, "nobody" in result.output) == (1, True)


def test_a_process_that_keeps_ending_is_reported_with_its_last_words(platform: Platform) -> None:
    command = ("/bin/sh", "-c", "echo the setting is wrong; exit 3")
    platform.processes.start(Spec("membership.9", command))
    try:
        with pytest.raises(NotReady, match=r"membership\.9 keeps ending\.\nthe setting is wrong"):
            platform.wait_ready("membership.9")
    finally:
        platform.stop_process("membership.9")
