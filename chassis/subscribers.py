"""Registers what a service does on others' events, as projections or as reactions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chassis.work import Work
from contracts.declare import Event
from contracts.envelope import Envelope

Projection = Callable[[Work, Sequence[Envelope]], None]
Reaction = Callable[[Work, Envelope], None]
ProjectionT = TypeVar("ProjectionT", bound=Projection)
ReactionT = TypeVar("ReactionT", bound=Reaction)


FunctionT = TypeVar("FunctionT")


@dataclass(frozen=True, slots=True)
class Subscription(Generic[FunctionT]):
    """A handler and the events it names, by CloudEvents type."""

    function: FunctionT
    types: frozenset[str]


#: Every registered projection and reaction; a service serves those of its capabilities.
PROJECTIONS: list[Subscription[Projection]] = []
REACTIONS: list[Subscription[Reaction]] = []


def projects(*events: type[Event]) -> Callable[[ProjectionT], ProjectionT]:
    """Register a projection: `function(work, events)` writes tables of its own under `work.generation`, nothing else.

    It gets each event once per generation, in batches, in any order; a rebuild replays it.
    """

    def register(function: ProjectionT) -> ProjectionT:
        PROJECTIONS.append(Subscription(function, _types(events)))
        return function

    return register


def reacts(*events: type[Event]) -> Callable[[ReactionT], ReactionT]:
    """Register a reaction: `function(work, event)` publishes, pays, opens cases; it gets each event exactly once."""

    def register(function: ReactionT) -> ReactionT:
        REACTIONS.append(Subscription(function, _types(events)))
        return function

    return register


def _types(events: Sequence[type[Event]]) -> frozenset[str]:
    return frozenset(event.event_type.type for event in events)
