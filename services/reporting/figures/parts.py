"""Says of each fact of a list whether it counts, and if not why: conditions with their reasons, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, not_, or_, select, true

from services.reporting.figures.scope import Columns, Scope
from services.reporting.figures.sources import Source


@dataclass(frozen=True, slots=True)
class Condition:
    """A reason why facts are not counted, and what tells that it holds for one."""

    reason: str
    holds: Callable[[Columns, Scope], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Part:
    """A list of facts, and the conditions that take some of them out; the first that holds is the reason."""

    source: Source
    conditions: tuple[Condition, ...]
    #: Reasons for which a fact of a share counts in its denominator only; None if the list is not part of that.
    denominator_only: frozenset[str] | None = None

    def looked_at(self, scope: Scope) -> Select[Any]:
        """The list with `reason`, empty where a fact counts, and `in_denominator`."""
        found = self.source.looked_at(scope).subquery()
        reason = case(*((each.holds(found.c, scope), each.reason) for each in self.conditions))
        below: ColumnElement[bool] = false()
        if self.denominator_only is not None:
            below = or_(reason.is_(None), reason.in_(self.denominator_only))
        return select(*found.c, reason.label("reason"), below.label("in_denominator"))

    def counted(self, scope: Scope) -> Select[Any]:
        """The ids of the records that count."""
        found = self.looked_at(scope).subquery().c
        return select(found.record_id).where(found.reason.is_(None))


def when(reason: str, column: str, *values: Any) -> Condition:
    """Not counted if a column has one of the values."""
    return Condition(reason, lambda facts, _: facts[column].in_(values))


def unless(reason: str, column: str, *values: Any) -> Condition:
    """Not counted if a column has none of the values, or nothing at all."""
    return Condition(reason, lambda facts, _: or_(facts[column].is_(None), facts[column].not_in(values)))


def unless_true(reason: str, column: str) -> Condition:
    """Not counted if a column is false."""
    return Condition(reason, lambda facts, _: not_(facts[column]))


#: Counted on neither side of a share but as the whole that it is a share of.
THE_WHOLE = Condition("denominator", lambda *_: true())

#: Not counted if its day is none of the period's.
OUTSIDE_PERIOD = Condition("outside_period", lambda facts, scope: not_(scope.period.holds(facts.on)))
