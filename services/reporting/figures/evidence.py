"""The activities that a KPI looks at, each counted or not with its reason: a figure and its proof ask one query."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Subquery, Text, case, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.generations import current
from chassis.paging import bad_cursor, decode
from chassis.work import Reading
from contracts.events.activities import ActivityState
from kernel.zone import SHANGHAI
from services.reporting.figures.kpis import Kpi, Period
from services.reporting.figures.models import ActivityFact

#: Stands between the ids that `set_hash` is made over.
_BETWEEN_IDS = "\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A KPI of an organisation and all below it, on the date of a report."""

    kpi: Kpi
    org: UUID
    as_of: date

    @property
    def period(self) -> Period:
        """The days that the KPI looks at."""
        return self.kpi.period(self.as_of)


@dataclass(frozen=True, slots=True)
class Count:
    """How many activities count, and SHA-256 over the sorted ids of the events that say so, one a line."""

    numerator: int
    set_hash: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: those that count come first, each part by event id."""

    uncounted: bool
    event_id: UUID

    @classmethod
    def read(cls, cursor: str) -> "Place":
        """The place that a cursor stands for. Raises Refused `invalid_request`."""
        part, _, event_id = decode(cursor).partition(":")
        try:
            return cls(bool(int(part)), UUID(event_id))
        except ValueError as error:
            raise bad_cursor() from error

    def __str__(self) -> str:
        return f"{int(self.uncounted)}:{self.event_id}"


def count(reading: Reading, asked: Asked) -> Count:
    """The figure itself."""
    found = _looked_at(reading, asked).c
    event_id = cast(found.event_id, Text)
    ids = func.coalesce(func.aggregate_strings(event_id, _BETWEEN_IDS).aggregate_order_by(event_id), "")
    digest = func.encode(func.sha256(func.convert_to(ids, "UTF8")), "hex")
    row = reading.connection.execute(select(func.count(), digest).where(found.reason.is_(None))).one()
    return Count(*row)


def facts(reading: Reading, asked: Asked, after: Place | None, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` activities behind the figure, from a place in the list on."""
    found = _looked_at(reading, asked).c
    uncounted = found.reason.is_not(None)
    statement = select(*found, found.reason.is_(None).label("counted")).order_by(uncounted, found.event_id).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(uncounted, found.event_id) > tuple_(after.uncounted, after.event_id))
    return [dict(row) for row in reading.connection.execute(statement).mappings()]


def _looked_at(reading: Reading, asked: Asked) -> Subquery:
    """Activities that any of their facts places in the period.

    Each comes with the event that last spoke of it and with the reason why it is not counted, or none.
    """
    last = _last_facts(reading, asked).c
    reason = case(
        (last.state == ActivityState.VOIDED, "voided"),
        (last.state == ActivityState.CANCELLED, "cancelled"),
        (last.state != ActivityState.CLOSED, "not_closed"),
        (~_is_within(asked.period, last.held_on), "outside_period"),
    )
    shown = (last.event_id, last.event_type, last.activity_id, last.union_id, last.state, last.held_on)
    return select(*shown, reason.label("reason")).where(last.was_placed_in_period).subquery("looked_at")


def _last_facts(reading: Reading, asked: Asked) -> Subquery:
    fact = ActivityFact.__table__.c
    day = func.coalesce(fact.held_on, cast(func.timezone(SHANGHAI.key, fact.starts_at), Date))
    placed = func.bool_or(_is_within(asked.period, day)).over(partition_by=fact.activity_id)
    return (
        select(*fact, placed.label("was_placed_in_period"))
        .where(
            fact.generation == current().scalar_subquery(),
            fact.kind.in_(asked.kpi.kinds),
            fact.union_id.in_(reading.tree.below([asked.org])),
        )
        .ext(distinct_on(fact.activity_id))
        .order_by(fact.activity_id, fact.sequence.desc())
        .subquery("last_facts")
    )


def _is_within(period: Period, day: ColumnElement[Any]) -> ColumnElement[bool]:
    return day.between(period.first, period.last)
