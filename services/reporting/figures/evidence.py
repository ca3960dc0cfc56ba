"""The activities that a KPI looks at, each counted or not with its reason: a figure and its proof ask one query."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    RowMapping,
    Select,
    Subquery,
    Text,
    case,
    cast,
    func,
    select,
    true,
    tuple_,
)
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
    return Count(*reading.connection.execute(_counted(_looked_at(reading, asked).subquery("looked_at"))).one())


def explained(reading: Reading, asked: Asked, after: Place | None, limit: int) -> tuple[Count, list[dict[str, Any]]]:
    """The figure, and up to `limit` activities behind it from a place in the list on.

    One statement reads both, so that no fact can land between the figure and its proof.
    """
    looked_at = _looked_at(reading, asked).cte("looked_at")
    figure = _counted(looked_at).subquery("figure")
    part = _listed(looked_at, after).limit(limit).subquery("part")
    # the figure stands even where the list is empty or at its end
    both = select(*figure.c, *part.c).select_from(figure.outerjoin(part, true()))
    rows = reading.connection.execute(both.order_by(part.c.counted.desc(), part.c.event_id)).all()
    facts = [dict(zip(part.c.keys(), row[len(figure.c) :], strict=True)) for row in rows if row.event_id is not None]
    return Count(*rows[0][: len(figure.c)]), facts


def pages(reading: Reading, asked: Asked, size: int) -> Iterator[Sequence[RowMapping]]:
    """Every activity behind the figure, up to `size` at a time; `reading` must be in a transaction.

    PostgreSQL makes the list once and hands it out through a cursor: a page costs the same wherever it stands.
    """
    statement = _listed(_looked_at(reading, asked).subquery("looked_at"))
    yield from reading.connection.execute(statement, execution_options={"yield_per": size}).mappings().partitions()


def _counted(looked_at: FromClause) -> Select[Any]:
    event_id = cast(looked_at.c.event_id, Text)
    ids = func.coalesce(func.aggregate_strings(event_id, _BETWEEN_IDS).aggregate_order_by(event_id), "")
    digest = func.encode(func.sha256(func.convert_to(ids, "UTF8")), "hex")
    return select(func.count().label("numerator"), digest.label("set_hash")).where(looked_at.c.reason.is_(None))


def _listed(looked_at: FromClause, after: Place | None = None) -> Select[Any]:
    found = looked_at.c
    uncounted = found.reason.is_not(None)
    statement = select(*found, found.reason.is_(None).label("counted")).order_by(uncounted, found.event_id)
    if after is not None:
        statement = statement.where(tuple_(uncounted, found.event_id) > tuple_(after.uncounted, after.event_id))
    return statement


def _looked_at(reading: Reading, asked: Asked) -> Select[Any]:
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
    return select(*shown, reason.label("reason")).where(last.was_placed_in_period)


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
