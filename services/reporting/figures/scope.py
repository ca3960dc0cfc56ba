"""What a figure looks at: the days of its period and the unions of an organisation's tree."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.sql.base import ReadOnlyColumnCollection

#: The columns of a list of facts.
Columns = ReadOnlyColumnCollection[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included; all days up to the last where there is no first."""

    first: date | None
    last: date

    def holds(self, day: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a day is one of them; no day is none."""
        within = day <= self.last if self.first is None else day.between(self.first, self.last)
        return func.coalesce(within, False)


@dataclass(frozen=True, slots=True)
class Scope:
    """The unions, as a query for their ids, and the days."""

    unions: Select[Any]
    period: Period
