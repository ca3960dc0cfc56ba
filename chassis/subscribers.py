"""Registers what a service does on others' events, as projections or as reactions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from chassis.work import Work
from contracts.declare import Event
from contracts.envelope import Envelope

Subscriber = Callable[[Work, Sequence[Envelope]], None]
SubscriberT = TypeVar("SubscriberT", bound=Subscriber)


class Effect(StrEnum):
    """What a handler may do."""

    #: Writes tables of its own, under `work.generation`; replayed by a rebuild.
    PROJECTION = "projection"
    #: Publishes, pays, opens cases; never replayed.
    REACTION = "reaction"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler and the events it names, by CloudEvents type."""

    function: Subscriber
    effect: Effect
    types: frozenset[str]


#: Every registered handler by the module that holds it; a service serves those of its capabilities.
SUBSCRIPTIONS: list[Subscription] = []


def projects(*events: type[Event]) -> Callable[[SubscriberT], SubscriberT]:
    """Register a projection: `function(work, events)` gets each event once per generation, in batches, in any order."""
    return _register(Effect.PROJECTION, events)


def reacts(*events: type[Event]) -> Callable[[SubscriberT], SubscriberT]:
    """Register a reaction: `function(work, events)` gets each event exactly once, in batches, in any order."""
    return _register(Effect.REACTION, events)


def _register(effect: Effect, events: Sequence[type[Event]]) -> Callable[[SubscriberT], SubscriberT]:
    types = frozenset(event.event_type.type for event in events)

    def register(function: SubscriberT) -> SubscriberT:
        SUBSCRIPTIONS.append(Subscription(function, effect, types))
        return function

    return register
