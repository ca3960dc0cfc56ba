"""The topology as the contracts ask for it, read as a table without a broker."""

import re
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.topology import Binding, Exchange, Topology, desired, from_contracts
from chassis.topology_names import RPC_EXCHANGE
from chassis.topology_rights import User
from contracts.registry import SERVICES, subscriptions


def topology(subscribed: Mapping[str, Sequence[str]]) -> Topology:
    """`subscribed` names events as `service.routing_key`."""
    events: Any = {
        consumer: [SimpleNamespace(service=name.split(".")[0], routing_key=name.split(".")[1]) for name in names]
        for consumer, names in subscribed.items()
    }
    return desired(("membership", "events", "reporting"), events)


def user(name: str) -> User:
    return next(user for user in from_contracts().users if user.name == name)


def test_a_consumer_is_bound_to_the_events_it_names_and_to_no_other() -> None:
    bindings = topology({"reporting": ["events.activity_closed", "membership.union_founded"]}).bindings
    assert {binding for binding in bindings if binding.queue == "evt.reporting"} == {
        Binding("events.events", "evt.reporting", "activity_closed"),
        Binding("membership.events", "evt.reporting", "union_founded"),
    }


def test_who_consumes_nothing_has_no_event_queue() -> None:
    assert "evt.membership" not in topology({"reporting": ["events.activity_closed"]}).queues


def test_the_retry_ladder_has_five_steps_that_send_a_message_home() -> None:
    wanted = topology({})
    steps = {"1s": 1_000, "10s": 10_000, "1m": 60_000, "10m": 600_000, "1h": 3_600_000}
    for step, milliseconds in steps.items():
        policy = next(policy for policy in wanted.policies if policy.queue == f"retry.{step}")
        assert Exchange(f"retry.{step}", "fanout") in wanted.exchanges
        assert Binding(f"retry.{step}", f"retry.{step}", "") in wanted.bindings
        assert (policy.definition["message-ttl"], policy.definition["dead-letter-exchange"]) == (milliseconds, "")
        assert "dead-letter-routing-key" not in policy.definition


def test_every_queue_has_a_delivery_limit_and_a_target_that_exists() -> None:
    wanted = from_contracts()
    exchanges = {"", *(exchange.name for exchange in wanted.exchanges)}
    dead_keys = {binding.key for binding in wanted.bindings if binding.exchange == "dead"}
    assert [policy.queue for policy in wanted.policies] == list(wanted.queues)
    for policy in wanted.policies:
        assert policy.definition["delivery-limit"] == 200
        assert policy.definition["dead-letter-exchange"] in exchanges
        if policy.definition["dead-letter-exchange"] == "dead":
            assert policy.definition["dead-letter-routing-key"] in dead_keys


def test_a_policy_matches_its_own_queue_alone() -> None:
    wanted = from_contracts()
    for policy in wanted.policies:
        assert [queue for queue in wanted.queues if re.search(policy.pattern, queue)] == [policy.queue]


def test_everything_the_contracts_subscribe_to_is_bound() -> None:
    bindings = set(from_contracts().bindings)
    for consumer, events in subscriptions().items():
        for event in events:
            assert Binding(f"{event.service}.events", f"evt.{consumer}", event.routing_key) in bindings


OTHER = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("right", "name", "allowed"),
    [
        ("configure", "call.reporting", True),
        ("configure", "call.events", False),
        ("configure", "evt.reporting", False),
        ("configure", "reporting.events", False),
        ("read", "evt.reporting", True),
        ("read", "dead.reporting", True),
        ("read", "call.reporting", True),
        ("read", RPC_EXCHANGE, True),
        ("read", "evt.events", False),
        ("read", "call.membership", False),
        ("read", "events.events", False),
        ("read", "retry.1s", False),
        ("write", "reporting.events", True),
        ("write", "retry.1s", True),
        ("write", "dead", True),
        ("write", "call.reporting", True),
        ("write", "amq.default", True),
        ("write", RPC_EXCHANGE, True),
        ("write", "events.events", False),
        ("write", "reporting_events", False),
        ("write", "evt.reporting", False),
        ("write_keys", OTHER, True),
        ("write_keys", "membership.approve_union", False),
        ("read_keys", "reporting.figures", True),
        ("read_keys", "membership.approve_union", False),
    ],
)
def test_a_service_may_do_what_its_work_needs_and_no_more(right: str, name: str, allowed: bool) -> None:
    assert bool(re.search(getattr(user("reporting"), right), name)) is allowed


@pytest.mark.parametrize("sender", ["gateway", "unionctl"])
def test_requests_are_sent_by_the_gateway_and_unionctl_alone(sender: str) -> None:
    assert re.search(user(sender).write, RPC_EXCHANGE)
    for service in SERVICES:
        assert re.search(user(sender).write_keys, f"{service}.approve_union")
        assert not re.search(user(service).write_keys, f"{service}.approve_union")


def test_the_gateway_takes_no_other_services_messages() -> None:
    for service in SERVICES:
        for queue in (f"evt.{service}", f"dead.{service}", f"call.{service}"):
            assert not re.search(user("gateway").read, queue)
