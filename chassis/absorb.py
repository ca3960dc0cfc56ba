"""Applies events to a service's tables once each: live batches and pages of history take the same way."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from chassis import clock, outbox
from chassis.actor import SYSTEM
from chassis.database import Database
from chassis.failpoints import failpoint
from chassis.subscribers import Projection, Reaction, Subscription
from chassis.tables import generation
from chassis.tree import UnionTree
from chassis.work import Work
from contracts.envelope import Envelope

#: Generation under which the inbox keeps what reactions have handled; it outlives every rebuild.
REACTIONS = 0

_FRESH = text(
    """
    INSERT INTO inbox (generation, event_id) SELECT :generation, event_id FROM unnest(CAST(:ids AS uuid[])) AS event_id
    ON CONFLICT DO NOTHING RETURNING event_id::text
    """
)
#: Generations that live batches feed; the share lock makes the opening of a new one wait for batches at work.
_FED = (
    select(generation.c.number)
    .where(generation.c.state.in_(("current", "building")))
    .order_by(generation.c.number)
    .with_for_update(read=True)
)
#: A generation that is still being filled.
_OPEN = (
    select(generation.c.number)
    .where(generation.c.number == bindparam("number"), generation.c.state.in_(("building", "verifying")))
    .with_for_update(read=True)
)


class GenerationClosed(Exception):
    """The generation is not open for pages of history; open a new one."""


class Absorber:
    """The projections and reactions of one service."""

    def __init__(
        self,
        database: Database,
        tree: UnionTree,
        projections: Sequence[Subscription[Projection]],
        reactions: Sequence[Subscription[Reaction]],
        own: Any = None,
    ) -> None:
        """`own` is what only this service has."""
        self._database = database
        self._tree = tree
        self._projections = tuple(projections)
        self._reactions = tuple(reactions)
        self._own = own
        self._reacted = _types(reactions)
        #: CloudEvents types that a projection names; a rebuild passes over all others.
        self.projected = _types(projections)

    def live(self, events: Sequence[Envelope]) -> bool:
        """Apply a batch from the queue in one unit of work; tells whether it recorded events of its own."""
        with Session(self._database.writer, expire_on_commit=False) as session:
            recorded = []
            for number in session.scalars(_FED).all():
                self._project(session, number, events)
            if self._reactions:
                recorded = self._react(session, events)
            outbox.record(session, recorded)
            failpoint("subscription.before_commit")
            session.commit()
        return bool(recorded)

    def history(self, number: int, events: Sequence[Envelope]) -> int:
        """Apply a page of history to one open generation; gives how many events were new to it.

        Raises GenerationClosed.
        """
        with Session(self._database.writer, expire_on_commit=False) as session:
            if session.scalar(_OPEN, {"number": number}) is None:
                raise GenerationClosed
            fresh = self._project(session, number, events)
            session.commit()
        return fresh

    def _project(self, session: Session, number: int, events: Sequence[Envelope]) -> int:
        # what only reactions name is in no history that a rebuild absorbs, and would be missed at every switch
        fresh = _fresh(session, number, [event for event in events if event.type in self.projected])
        work = Work(session, SYSTEM, self._tree, generation=number, own=self._own)
        for projection in self._projections:
            named = [event for event in fresh if event.type in projection.types]
            if named:
                projection.function(work, named)
        return len(fresh)

    def _react(self, session: Session, events: Sequence[Envelope]) -> list[Any]:
        fresh = _fresh(session, REACTIONS, [event for event in events if event.type in self._reacted])
        if not fresh:
            return []
        work = Work(session, SYSTEM, self._tree, set_day=clock.set_day(session.connection()), own=self._own)
        for event in fresh:
            work.causation_id, work.traceparent = event.id, event.traceparent
            for reaction in self._reactions:
                if event.type in reaction.types:
                    reaction.function(work, event)
        return work.recorded


def _fresh(session: Session, number: int, events: Iterable[Envelope]) -> list[Envelope]:
    """Enter events into the inbox; gives those that were not there, each once, in the order of the batch."""
    by_id = {event.id: event for event in events}
    if not by_id:
        return []
    # sorted, so that two instances with overlapping batches cannot wait for each other in a circle
    entered = set(session.scalars(_FRESH, {"generation": number, "ids": sorted(by_id)}))
    return [event for event_id, event in by_id.items() if event_id in entered]


def _types(subscriptions: Sequence[Subscription[Any]]) -> frozenset[str]:
    return frozenset[str]().union(*(one.types for one in subscriptions))
