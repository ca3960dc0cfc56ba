"""The facts that a KPI looks at, each counted or not with its reason: a figure and its proof ask one query."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    FromClause,
    RowMapping,
    Select,
    Text,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from chassis.paging import bad_cursor, decode
from chassis.work import Reading
from contracts.reporting.figures import CountedFact
from services.reporting.figures.kpis import Kpi, Measure
from services.reporting.figures.scope import Columns, Period, Scope

#: Stands between the ids that `set_hash` is made over.
_BETWEEN_IDS = "\n"
#: What the lists give of each fact; `counted` follows from its reason.
_SHOWN = tuple(name for name in CountedFact().fields if name != "counted")


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
    """What the facts that count add up to, and SHA-256 over the sorted ids of their events, one a line.

    Of a share, the facts of both sides are hashed: which side each is on follows from its event.
    """

    numerator: int
    #: None unless the KPI is a share.
    denominator: int | None
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


def counts(reading: Reading, asked: Sequence[Asked]) -> list[Count]:
    """Figures of one organisation as they stand at one moment: one statement reads them all."""
    unions = reading.tree.below([asked[0].org])
    figures = []
    for place, each in enumerate(asked):
        counted = _counted(each.kpi, _looked_at(each, unions).subquery()).subquery()
        figures.append(select(literal(place).label("place"), *counted.c))
    rows = reading.connection.execute(union_all(*figures).order_by("place")).all()
    return [Count(*row[1:]) for row in rows]


def explained(reading: Reading, asked: Asked, after: Place | None, limit: int) -> tuple[Count, list[dict[str, Any]]]:
    """The figure, and up to `limit` facts behind it from a place in the list on.

    One statement reads both, so that no fact can land between the figure and its proof.
    """
    looked_at = _looked_at(asked, reading.tree.below([asked.org])).cte("looked_at")
    figure = _counted(asked.kpi, looked_at).subquery("figure")
    part = _listed(looked_at, after).limit(limit).subquery("part")
    # the figure stands even where the list is empty or at its end
    both = select(*figure.c, *part.c).select_from(figure.outerjoin(part, true()))
    rows = reading.connection.execute(both.order_by(part.c.counted.desc(), part.c.event_id)).all()
    facts = [dict(zip(part.c.keys(), row[len(figure.c) :], strict=True)) for row in rows if row.event_id is not None]
    return Count(*rows[0][: len(figure.c)]), facts


def pages(reading: Reading, asked: Asked, size: int) -> Iterator[Sequence[RowMapping]]:
    """Every fact behind the figure, up to `size` at a time; `reading` must be in a transaction.

    PostgreSQL makes the list once and hands it out through a cursor: a page costs the same wherever it stands.
    """
    looked_at = _looked_at(asked, reading.tree.below([asked.org])).subquery("looked_at")
    statement = _listed(looked_at)
    yield from reading.connection.execute(statement, execution_options={"yield_per": size}).mappings().partitions()


def _looked_at(asked: Asked, unions: Select[Any]) -> Any:
    """The lists of a KPI as one."""
    scope = Scope(unions, asked.period)
    found = [part.looked_at(scope).subquery().c for part in asked.kpi.parts]
    return union_all(*(select(*(columns[name] for name in _SHOWN)) for columns in found))


def _counted(kpi: Kpi, looked_at: FromClause) -> Select[Any]:
    """The columns of `Count`."""
    found: Columns = looked_at.c
    counts_in_all = or_(found.reason.is_(None), found.in_denominator)
    event_id = cast(found.event_id, Text)
    ids = func.aggregate_strings(event_id, _BETWEEN_IDS).aggregate_order_by(event_id).filter(counts_in_all)
    digest = func.encode(func.sha256(func.convert_to(func.coalesce(ids, ""), "UTF8")), "hex")
    # a fact tells of one unless it tells a total
    whole = func.coalesce(func.sum(func.coalesce(found.total, 1)).filter(found.in_denominator), 0)
    denominator = cast(whole if kpi.is_share else None, BigInteger)
    numerator = _added_up(kpi.measure, found)
    return select(numerator.label("numerator"), denominator.label("denominator"), digest.label("set_hash")).select_from(
        looked_at
    )


def _added_up(measure: Measure, found: Columns) -> Any:
    counted = found.reason.is_(None)
    match measure:
        case Measure.FACTS:
            return func.count().filter(counted)
        case Measure.PERSONS:
            return func.count(found.subject_key.distinct()).filter(counted)
        case Measure.FEN:
            return cast(func.coalesce(func.sum(found.amount_fen).filter(counted), 0), BigInteger)


def _listed(looked_at: FromClause, after: Place | None = None) -> Select[Any]:
    found = looked_at.c
    uncounted = found.reason.is_not(None)
    statement = select(*found, found.reason.is_(None).label("counted")).order_by(uncounted, found.event_id)
    if after is not None:
        statement = statement.where(tuple_(uncounted, found.event_id) > tuple_(after.uncounted, after.event_id))
    return statement
