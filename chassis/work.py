"""The unit of work of one command: its session, its business day, and the events it will have published."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select
from sqlalchemy.orm import Session

from chassis.actor import Actor
from chassis.clock import business_moment, set_day
from chassis.errors import Refused
from chassis.tree import Standing, UnionTree
from contracts import envelope
from contracts.declare import Event
from contracts.roles import Role
from kernel.ids import new_id


class EventSource(Protocol):
    """What a row must have to publish events as an aggregate."""

    id: Any
    event_sequence: Any
    region_code: Any

    @property
    def org_id(self) -> UUID:
        """The union that the record belongs to."""
        ...


@dataclass(slots=True)
class OneOfMany:
    """An aggregate that one statement changed along with others, as far as its event needs it."""

    id: UUID
    #: Of its event before this one.
    event_sequence: int
    region_code: str
    org_id: UUID


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event on its way into the outbox."""

    event_id: str
    event_type: str
    aggregate_id: UUID
    sequence: int
    body: dict[str, Any]


@dataclass(slots=True)
class Work:
    """What a command function is given. Everything it does commits together or not at all."""

    session: Session
    actor: Actor
    tree: UnionTree
    #: The business day as an operator set it; None means that business time is machine time.
    set_day: date | None = None
    traceparent: str | None = None
    causation_id: str | None = None
    #: Address that the request came from, where the gateway itself is asked.
    client: str = ""
    #: The union that the request names as its scope.
    standing: Standing | None = None
    #: Generation of projection tables that a projection writes to; 0 for everything else.
    generation: int = 0
    #: What only this service has, as `chassis.core.Core` opened it.
    own: Any = None
    recorded: list[Recorded] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The business moment, in Asia/Shanghai."""
        return business_moment(self.set_day)

    @property
    def today(self) -> date:
        """The business day."""
        return self.now.date()

    def check_reach(self, union_id: UUID, roles: Collection[Role]) -> None:
        """Raise Refused `outside_scope` unless the actor holds one of the roles at a union or above it."""
        if not self.tree.reaches(self.session, union_id, self.actor.roots(roles)):
            raise Refused("outside_scope")

    def publish(self, event: type[Event], aggregate: EventSource, **details: Any) -> str:
        """Record an event that carries the aggregate's whole state and the details; gives its id."""
        data = _schema(event).dump(aggregate) | details
        return self.publish_data(event, aggregate, data)

    def publish_data(self, event: type[Event], aggregate: EventSource, data: Mapping[str, Any]) -> str:
        """Record an event whose data is ready as JSON values."""
        event_id = new_id()
        aggregate.event_sequence += 1
        body = envelope.build(
            event.event_type,
            data,
            event_id=event_id,
            sequence=aggregate.event_sequence,
            time=self.now,
            recorded_time=datetime.now(UTC),
            org_id=str(aggregate.org_id),
            region_code=aggregate.region_code,
            traceparent=self.traceparent,
            causation_id=self.causation_id,
        )
        row = Recorded(event_id, event.event_type.type, aggregate.id, aggregate.event_sequence, body)
        self.recorded.append(row)
        return event_id


@cache
def _schema(event: type[Event]) -> Event:
    return event()


@dataclass(slots=True)
class Reading:
    """What a query function is given: a connection in autocommit and who asks."""

    connection: Connection
    actor: Actor
    tree: UnionTree
    #: What only this service has, as `chassis.core.Core` opened it.
    own: Any = None

    @property
    def today(self) -> date:
        """The business day."""
        return business_moment(set_day(self.connection)).date()

    def one(self, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> RowMapping:
        """The row that a statement with these values finds. Raises Refused `not_found`."""
        row = self.connection.execute(statement, values).mappings().first()
        if row is None:
            raise Refused("not_found")
        return row

    def reach(self, roles: Collection[Role]) -> Select[Any]:
        """A query for the ids of the unions that the actor reaches by one of the roles."""
        return self.tree.below(self.actor.roots(roles))

    def check_reach(self, union_id: UUID, roles: Collection[Role]) -> None:
        """As `Work.check_reach`."""
        if not self.tree.reaches(self.connection, union_id, self.actor.roots(roles)):
            raise Refused("outside_scope")
