"""The lists that figures are counted from: of each record the fact that holds, in columns that all lists share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, ColumnElement, Date, Integer, Select, Text, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.types import TypeEngine

from chassis.generations import current
from contracts.events.activities import ActivityAttended, ActivityKind
from contracts.membership.register import MemberJoined
from contracts.welfare.programmes import ProgrammeKind
from kernel.zone import SHANGHAI
from services.reporting.base import Base
from services.reporting.figures import models
from services.reporting.figures.scope import Columns, Scope

Day = Callable[[Columns], ColumnElement[Any]]
#: What every list has, empty where its table has no such column.
_COMMON: Mapping[str, TypeEngine[Any]] = {
    "state": Text(),
    "subject_key": Text(),
    "amount_fen": BigInteger(),
    "total": Integer(),
}


class Source(Protocol):
    """A list of records."""

    def looked_at(self, scope: Scope) -> Select[Any]:
        """The records that any of their facts places in the period, each with the fact that holds.

        Beside what the records themselves have: `record_type`, `record_id`, `on`, `state`, `subject_key`, `amount_fen`
        and `total`, empty where a list knows of no such thing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Records:
    """Records that tell their whole state in each of their events; a record stays with its union."""

    model: type[Base]
    record_type: str
    #: Column of the record's id.
    record: str
    #: The day that decides whether a record belongs to a period.
    on: Day
    #: Column and value that all facts of the list have.
    only: tuple[str, str] | None = None
    #: Whether each fact holds from its day on, as a membership's does. Where not, a later fact corrects the earlier
    #: ones, and the last word holds for all days.
    holds_from_its_day: bool = False

    def looked_at(self, scope: Scope) -> Select[Any]:
        """As `Source.looked_at`."""
        last = self._last(scope).c
        missing = [cast(null(), kind).label(name) for name, kind in _COMMON.items() if name not in last]
        named = (literal(self.record_type).label("record_type"), last[self.record].label("record_id"))
        return select(*last, *named, *missing).where(last.is_placed)

    def _last(self, scope: Scope) -> Any:
        fact: Columns = self.model.__table__.c
        on, record = self.on(fact), fact[self.record]
        conditions = [fact.generation == current().scalar_subquery(), fact.union_id.in_(scope.unions)]
        if self.only is not None:
            column, value = self.only
            conditions.append(fact[column] == value)
        if self.holds_from_its_day:
            conditions.append(on <= scope.period.last)
        is_placed = func.bool_or(scope.period.holds(on)).over(partition_by=record)
        return (
            select(*fact, on.label("on"), is_placed.label("is_placed"))
            .where(*conditions)
            .ext(distinct_on(record))
            .order_by(record, fact.sequence.desc())
            .subquery()
        )


@dataclass(frozen=True, slots=True)
class Attendances:
    """The people of activities: they come and go with their activity, whose day and state are theirs."""

    kind: ActivityKind

    def looked_at(self, scope: Scope) -> Select[Any]:
        """As `Source.looked_at`."""
        activity = activities(self.kind).looked_at(scope).subquery().c
        person: Columns = models.AttendanceFact.__table__.c
        return select(
            person.event_id,
            literal(ActivityAttended.event_type.type).label("event_type"),
            literal("attendance").label("record_type"),
            activity.record_id,
            activity.union_id,
            activity.tier,
            activity.state,
            activity.on,
            person.subject_key,
            activity.amount_fen,
            activity.total,
        ).where(
            person.generation == activity.generation,
            person.activity_id == activity.activity_id,
            person.kind == self.kind,
        )


def _column(name: str) -> Day:
    return lambda fact: fact[name]


def _held_or_planned(fact: Columns) -> ColumnElement[Any]:
    return func.coalesce(fact.held_on, cast(func.timezone(SHANGHAI.key, fact.starts_at), Date))


def activities(kind: ActivityKind) -> Records:
    """Activities of a kind, on the day that they were held on or else are planned for."""
    return Records(models.ActivityFact, "activity", "activity_id", _held_or_planned, ("kind", kind))


def grants(kind: ProgrammeKind) -> Records:
    """Benefits of programmes of a kind, on the day on which their state began."""
    return Records(models.GrantFact, "grant", "grant_id", _column("on_date"), ("kind", kind))


CONTEST_ATTENDANCES = Attendances(ActivityKind.COMPETITION)

MEMBERSHIPS = Records(
    models.MembershipFact, "membership", "membership_id", _column("effective_on"), holds_from_its_day=True
)

#: How somebody became a member, whatever came of it later.
JOINS = Records(
    models.MembershipFact,
    "membership",
    "membership_id",
    _column("effective_on"),
    ("event_type", MemberJoined.event_type.type),
)

UNIONS = Records(models.UnionFact, "union", "union_id", _column("founded_on"))

RECOMMENDATIONS = Records(models.RecommendationFact, "recommendation", "recommendation_id", _column("recommended_on"))

TARGET_TOTALS = Records(models.TargetTotalFact, "target_total", "target_total_id", _column("period_to"))

HEALTH_CHECKS = Records(models.HealthCheckFact, "booking", "booking_id", _column("on_date"))
