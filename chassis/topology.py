"""Derives from the contracts which objects the broker must hold; pure, so that a test can read it as a table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.topology_names import (
    DEAD_EXCHANGE,
    DELIVERY_LIMIT,
    PARKED,
    RETRY_STEPS,
    RPC_EXCHANGE,
    dead_queue,
    event_queue,
    events_exchange,
    retry_exchange,
)
from chassis.topology_rights import User, users
from contracts.declare import EventType
from contracts.registry import SERVICES, subscriptions


@dataclass(frozen=True)
class Exchange:
    """A durable exchange."""

    name: str
    type: str


@dataclass(frozen=True)
class Binding:
    """A route from an exchange to a queue."""

    exchange: str
    queue: str
    key: str


@dataclass(frozen=True)
class Policy:
    """What may change about a queue without deleting it; each queue has one of its own name."""

    queue: str
    definition: Mapping[str, str | int]

    @property
    def pattern(self) -> str:
        """The regular expression that matches this queue alone."""
        return f"^{re.escape(self.queue)}$"


@dataclass(frozen=True)
class Topology:
    """Everything durable on the broker. All queues are quorum queues; their behaviour stands in the policies."""

    exchanges: tuple[Exchange, ...]
    queues: tuple[str, ...]
    bindings: tuple[Binding, ...]
    policies: tuple[Policy, ...]
    users: tuple[User, ...]


def from_contracts() -> Topology:
    """The topology that this version of the contracts needs."""
    return desired(SERVICES, subscriptions())


def desired(services: Sequence[str], subscribed: Mapping[str, Sequence[EventType]]) -> Topology:
    """Topology for these services and what each consumer subscribes to."""
    participants = tuple(dict.fromkeys([*services, "gateway"]))
    policies = (
        *(_event_policy(consumer) for consumer in subscribed),
        *(_retry_policy(step, milliseconds) for step, milliseconds in RETRY_STEPS.items()),
        *(_dead_policy(participant) for participant in (*participants, PARKED)),
    )
    return Topology(
        exchanges=(
            Exchange(RPC_EXCHANGE, "topic"),
            Exchange(DEAD_EXCHANGE, "direct"),
            *(Exchange(events_exchange(participant), "topic") for participant in participants),
            *(Exchange(retry_exchange(step), "fanout") for step in RETRY_STEPS),
        ),
        queues=tuple(policy.queue for policy in policies),
        bindings=(
            *(
                Binding(events_exchange(event.service), event_queue(consumer), event.routing_key)
                for consumer, events in subscribed.items()
                for event in events
            ),
            *(Binding(retry_exchange(step), retry_exchange(step), "") for step in RETRY_STEPS),
            *(Binding(DEAD_EXCHANGE, dead_queue(key), key) for key in (*participants, PARKED)),
        ),
        policies=policies,
        users=users(services),
    )


def _event_policy(consumer: str) -> Policy:
    return _policy(event_queue(consumer), DEAD_EXCHANGE, {"dead-letter-routing-key": consumer})


def _retry_policy(step: str, milliseconds: int) -> Policy:
    """Expired messages keep their routing key, so the default exchange takes each to the queue it names."""
    return _policy(retry_exchange(step), "", {"message-ttl": milliseconds})


def _dead_policy(key: str) -> Policy:
    return _policy(dead_queue(key), DEAD_EXCHANGE, {"dead-letter-routing-key": PARKED})


def _policy(queue: str, target: str, more: Mapping[str, str | int]) -> Policy:
    """At-least-once dead-lettering holds a message until its target has confirmed it; it needs `reject-publish`."""
    return Policy(
        queue,
        {
            "delivery-limit": DELIVERY_LIMIT,
            "dead-letter-exchange": target,
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
            **more,
        },
    )
