"""What operators see of a running platform: each process's metrics, and whether it is ready."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from contracts import registry
from tests.integration.harness import Office, Town, eventually, held, settle
from unionctl.errors import NotOurs
from unionctl.management import http
from unionctl.services import RUNNING, service_of


def measured(town: Town, process: str) -> Iterator[Sample]:
    """Every sample of one process."""
    page = http().get(f"http://{town.platform.ops_address(process)}/metrics", timeout=10)
    for family in text_string_to_metric_families(page.text):
        yield from family.samples


def value(town: Town, process: str, name: str) -> float:
    """The one sample of a name."""
    (sample,) = [sample for sample in measured(town, process) if sample.name == name]
    return sample.value


def served(town: Town, process: str) -> Counter[str]:
    """How often each method was served with success."""
    name, outcome = "unionhall_call_seconds_count", "ok"
    found: Counter[str] = Counter()
    for sample in measured(town, process):
        if sample.name == name and sample.labels["outcome"] == outcome:
            found[sample.labels["method"]] += int(sample.value)
    return found


def test_every_process_shows_that_nothing_waits_when_nothing_does(town: Town) -> None:
    settle(town.platform)
    for process in town.platform.process_names():
        names = ("unionhall_outbox_depth", "unionhall_outbox_age_seconds", "unionhall_dead_letters")
        assert [value(town, process, name) for name in names] == [0, 0, 0], process
        consumes = service_of(process) in registry.subscriptions()
        assert not consumes or value(town, process, "unionhall_queue_lag") == 0


@pytest.mark.parametrize("service", RUNNING)
def test_one_process_of_a_service_publishes(town: Town, service: str) -> None:
    leaders = [value(town, process, "unionhall_relay_leader") for process in town.platform.matching(service)]
    assert sorted(leaders) == [0] * (len(leaders) - 1) + [1]


def test_the_two_instances_of_a_service_count_their_share_of_the_work(town: Town, office: Office) -> None:
    instances = town.platform.matching("events")
    before = sum((served(town, process) for process in instances), Counter())
    published = sum(value(town, process, "unionhall_events_published_total") for process in instances)

    held(office.officer, office.federation, close=True)
    settle(town.platform)

    more = sum((served(town, process) for process in instances), Counter()) - before
    walk = ("draft_activity", "submit_activity", "approve_activity", "publish_activity", "hold_activity")
    assert [more[method] for method in (*walk, "record_attendance", "close_activity")] == [1] * 7
    # published, held, closed, and one person who came
    assert sum(value(town, process, "unionhall_events_published_total") for process in instances) == published + 4


def test_a_gateway_counts_its_answers_by_operation_and_status(town: Town) -> None:
    def refusals() -> float:
        wanted = {"operation": "membership.list_unions", "status": "422"}
        return sum(
            sample.value
            for sample in measured(town, "gateway.1")
            if sample.name == "unionhall_http_seconds_count" and sample.labels == wanted
        )

    before = refusals()
    assert town.account(town.analyst).get("/v1/unions", limit=0).status_code == requests.codes.unprocessable
    assert refusals() == before + 1


def test_events_that_nobody_names_have_a_counter(town: Town) -> None:
    page = http().get(f"http://{town.platform.ops_address('events.1')}/metrics", timeout=10).text
    assert "# TYPE unionhall_events_unrouted_total counter" in page


def test_a_process_without_its_broker_is_alive_and_not_ready_until_the_broker_is_back(town: Town) -> None:
    addresses = [town.platform.ops_address(process) for process in town.platform.process_names()]
    try:
        town.platform.broker.freeze()
    except NotOurs:
        pytest.skip("the broker that was given is not ours to freeze")
    try:
        for address in addresses:
            eventually(partial(is_cut_off, address), "A process does not notice the loss.")
            assert http().get(f"http://{address}/ready", timeout=10).status_code == requests.codes.unavailable
            assert http().get(f"http://{address}/live", timeout=10).ok
    finally:
        town.platform.broker.thaw()
    town.platform.wait_ready()


def is_cut_off(address: str) -> bool:
    """Whether a process has its database and no link to the broker."""
    state: dict[str, bool] = http().get(f"http://{address}/ready", timeout=10).json()
    return state.pop("database") and not any(state.values())
