"""A new holiday notice moves due dates that were counted without it; this module says which, and to when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.calendar.days import Calendar, Due, Unit


@dataclass(frozen=True, slots=True)
class OpenDue:
    """A clock that still runs: `key` is the caller's own name for it, `start` the day of the triggering event."""

    key: str
    start: date
    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Change:
    """What a new calendar makes of one open due date; `new.on` equals `old.on` if it only became definite."""

    due: OpenDue
    old: Due
    new: Due

    @property
    def moves(self) -> bool:
        """Tell whether the day itself is another, which people must be told."""
        return self.old.on != self.new.on


def recompute(open_dues: Iterable[OpenDue], old: Calendar, new: Calendar) -> list[Change]:
    """Return a change for each due date whose day or certainty differs, in the order given.

    Definite dates are looked at too: a notice also rules the last days of the year before its own.
    """
    changes = (
        Change(due, old.due(due.start, due.count, due.unit), new.due(due.start, due.count, due.unit))
        for due in open_dues
    )
    return [change for change in changes if change.old != change.new]
