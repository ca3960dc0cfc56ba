"""Due dates follow from counting days as the law counts them; this module is the only place that counts."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from kernel.calendar.notices import SATURDAY, Notice, published

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a clock of the law counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period; `provisional` while a year it was counted in has no published notice."""

    on: date
    provisional: bool


class Calendar:
    """Working days by the notices given; a year without a notice is Monday to Friday and provisional."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        """Take at most one notice a year: the later one given replaces the earlier (a notice can be amended)."""
        self._notices = {notice.year: notice for notice in notices}
        self._holidays = frozenset[date]().union(*(notice.holidays for notice in self._notices.values()))
        self._make_up_days = frozenset[date]().union(*(notice.make_up_days for notice in self._notices.values()))

    @staticmethod
    def load() -> "Calendar":
        """Return the calendar of the shipped notices; the files are read once per process."""
        return _shipped()

    def with_notice(self, notice: Notice) -> "Calendar":
        """Return a calendar that also knows this notice; `recompute` then tells which due dates move."""
        return Calendar([*self._notices.values(), notice])

    def is_covered(self, day: date) -> bool:
        """Tell whether the notice of the day's year is known."""
        return day.year in self._notices

    def is_statutory_holiday(self, day: date) -> bool:
        """Tell whether a notice declares the day off; an ordinary weekend is not a statutory holiday."""
        return day in self._holidays

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work that day: Monday to Friday unless declared off, or a make-up day of a weekend."""
        return day in self._make_up_days or (day.weekday() < SATURDAY and day not in self._holidays)

    def due(self, start: date, count: int, unit: Unit) -> Due:
        """Return the last day of a period of `count` units that begins the day after `start`."""
        match unit:
            case Unit.WORKING_DAYS:
                return self.add_working_days(start, count)
            case Unit.CALENDAR_DAYS:
                return self.add_calendar_days(start, count)
            case Unit.MONTHS:
                return self.add_months(start, count)

    def add_working_days(self, start: date, count: int) -> Due:
        """Return the `count`-th working day after `start`; the day of the event is not counted (民法典 art 201)."""
        return self._walk(start, count, _DAY)

    def working_days_before(self, event: date, count: int) -> Due:
        """Return the `count`-th working day before `event`: the last day to do what must be done that long before."""
        return self._walk(event, count, -_DAY)

    def add_calendar_days(self, start: date, count: int) -> Due:
        """Return the last of `count` days after `start`, moved off a statutory holiday (民法典 arts 201, 203)."""
        return self._off_holiday(start + _positive(count) * _DAY)

    def add_months(self, start: date, count: int) -> Due:
        """Return the corresponding day `count` months on, moved off a statutory holiday (民法典 arts 202, 203)."""
        return self._off_holiday(corresponding_day(start, _positive(count)))

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; 0 if `end` is not later."""
        return sum(self.is_working_day(start + offset * _DAY) for offset in range(1, (end - start).days + 1))

    def _walk(self, start: date, count: int, step: timedelta) -> Due:
        day, left = start, _positive(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return Due(day, provisional=not self._covers(start, day))

    def _off_holiday(self, last: date) -> Due:
        day = last
        if self.is_statutory_holiday(last):
            while not self.is_working_day(day):
                day += _DAY
        return Due(day, provisional=not self.is_covered(day))

    def _covers(self, one: date, other: date) -> bool:
        first, last = sorted((one.year, other.year))
        return all(year in self._notices for year in range(first, last + 1))


def corresponding_day(start: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day if it has none (民法典 art 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _positive(count: int) -> int:
    if count < 1:
        raise ValueError(f"a period has at least one unit, not {count}")
    return count


@cache
def _shipped() -> Calendar:
    return Calendar(published())
