"""Working days agree with the published notices, and due dates are counted as the Civil Code counts."""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import Calendar, Due, Unit, corresponding_day

CALENDAR = Calendar.load()
YEARS = range(2021, 2027)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(1, 120)


def days_of(year: int) -> Iterator[date]:
    first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return (first + timedelta(days=offset) for offset in range(length))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_published_year_agrees_with_an_independent_calendar(year: int) -> None:
    assert [d for d in days_of(year) if CALENDAR.is_working_day(d) != chinese_calendar.is_workday(d)] == []
    assert all(CALENDAR.is_covered(d) for d in days_of(year))


@pytest.mark.parametrize("year", YEARS)
def test_statutory_holidays_agree_with_an_independent_calendar_but_for_joined_weekends(year: int) -> None:
    theirs = {d for d in days_of(year) if d in chinese_calendar.constants.holidays}
    ours = {d for d in days_of(year) if CALENDAR.is_statutory_holiday(d)}
    assert ours <= theirs
    assert {d for d in theirs - ours if d.weekday() < 5} == set()


def test_the_oracle_covers_no_year_that_has_no_notice_here() -> None:
    assert max(chinese_calendar.constants.holidays).year == YEARS[-1]


@pytest.mark.parametrize(
    ("start", "count", "on", "provisional"),
    [
        ("2023-03-06", 10, "2023-03-20", False),  # two plain weeks
        ("2023-03-04", 1, "2023-03-06", False),  # an event on a Saturday
        ("2023-01-19", 5, "2023-01-31", False),  # Spring Festival, both make-up days of the weekend after it count
        ("2023-01-13", 10, "2023-02-01", False),
        ("2023-01-20", 1, "2023-01-28", False),  # the first working day is a Saturday
        ("2023-09-28", 2, "2023-10-08", False),  # National Day: Saturday and Sunday worked
        ("2023-09-22", 5, "2023-10-07", False),
        ("2023-04-21", 1, "2023-04-23", False),  # the make-up Sunday before Labour Day
        ("2022-12-30", 1, "2023-01-03", False),  # year end; 2022-12-31 stands in the notice of 2023
        ("2023-12-25", 10, "2024-01-09", False),
        ("2026-12-28", 3, "2026-12-31", False),
        ("2026-12-28", 4, "2027-01-01", True),  # no notice of 2027: Monday to Friday
        ("2030-10-01", 5, "2030-10-08", True),
        ("2020-12-31", 1, "2021-01-04", True),  # counting began in a year without a notice
    ],
)
def test_working_days_are_counted_from_the_day_after_the_event(
    start: str, count: int, on: str, provisional: bool
) -> None:
    assert CALENDAR.add_working_days(day(start), count) == Due(day(on), provisional)


@pytest.mark.parametrize(
    ("event", "count", "on"),
    [
        ("2023-03-20", 7, "2023-03-09"),
        ("2023-02-01", 7, "2023-01-18"),  # back over Spring Festival
        ("2023-10-09", 2, "2023-10-07"),
    ],
)
def test_working_days_before_a_meeting_leave_out_its_own_day(event: str, count: int, on: str) -> None:
    assert CALENDAR.working_days_before(day(event), count) == Due(day(on), provisional=False)


@pytest.mark.parametrize(
    ("start", "count", "on", "provisional"),
    [
        ("2023-03-01", 15, "2023-03-16", False),
        ("2023-03-03", 15, "2023-03-18", False),  # an ordinary Saturday stays
        ("2023-04-16", 15, "2023-05-04", False),  # 1 May moves behind the holiday
        ("2023-09-16", 15, "2023-10-07", False),  # 1 October moves to the make-up Saturday
        ("2022-12-16", 15, "2023-01-03", False),  # 31 December 2022 is declared off
        ("2024-12-02", 60, "2025-02-05", False),  # 31 January 2025
        ("2026-12-22", 10, "2027-01-01", True),  # nobody has declared it off yet
    ],
)
def test_a_period_in_days_moves_only_off_a_statutory_holiday(
    start: str, count: int, on: str, provisional: bool
) -> None:
    assert CALENDAR.add_calendar_days(day(start), count) == Due(day(on), provisional)


@pytest.mark.parametrize(
    ("start", "months", "on"),
    [
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2023-03-15", 6, "2023-09-15"),
        ("2022-10-05", 3, "2023-01-05"),
        ("2022-07-01", 3, "2022-10-08"),  # 1 October moves to the make-up Saturday
    ],
)
def test_a_period_in_months_ends_on_the_corresponding_day(start: str, months: int, on: str) -> None:
    assert CALENDAR.add_months(day(start), months) == Due(day(on), provisional=False)


def test_a_term_of_years_keeps_its_day_even_on_a_holiday() -> None:
    assert corresponding_day(date(2020, 10, 1), 36) == date(2023, 10, 1)
    assert corresponding_day(date(2020, 2, 29), 36) == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2023-01-20", "2023-01-29", 2),
        ("2023-09-28", "2023-10-08", 2),
        ("2023-03-06", "2023-03-06", 0),
        ("2023-03-10", "2023-03-06", 0),
    ],
)
def test_working_days_between_leave_out_the_first_day_and_keep_the_last(start: str, end: str, count: int) -> None:
    assert CALENDAR.working_days_between(day(start), day(end)) == count


@pytest.mark.parametrize("unit", Unit)
def test_a_period_of_nothing_is_refused(unit: Unit) -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        CALENDAR.due(date(2023, 3, 1), 0, unit)


@given(DAYS, COUNTS)
def test_counting_back_the_working_days_of_a_due_date_gives_the_count(start: date, count: int) -> None:
    due = CALENDAR.add_working_days(start, count).on
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.working_days_between(start, due) == count


@given(DAYS, COUNTS)
def test_walking_forth_and_back_over_working_days_returns_to_a_working_start(start: date, count: int) -> None:
    there = CALENDAR.add_working_days(start, count).on
    back = CALENDAR.working_days_before(there, count).on
    assert back <= start
    assert (back == start) == CALENDAR.is_working_day(start)


@given(DAYS, COUNTS, st.sampled_from(Unit))
def test_a_longer_period_never_ends_earlier(start: date, count: int, unit: Unit) -> None:
    assert CALENDAR.due(start, count, unit).on <= CALENDAR.due(start, count + 1, unit).on


@given(DAYS, COUNTS, st.sampled_from(Unit))
def test_a_later_event_never_has_an_earlier_due_date(start: date, count: int, unit: Unit) -> None:
    assert CALENDAR.due(start, count, unit).on <= CALENDAR.due(start + timedelta(days=1), count, unit).on


@given(DAYS, COUNTS, st.sampled_from(Unit))
def test_a_due_date_is_provisional_exactly_when_it_needs_an_unpublished_year(
    start: date, count: int, unit: Unit
) -> None:
    due = CALENDAR.due(start, count, unit)
    needed = {due.on.year} if unit is not Unit.WORKING_DAYS else set(range(start.year, due.on.year + 1))
    assert due.provisional == (not needed <= set(YEARS))


@given(DAYS, COUNTS)
def test_a_period_in_days_never_ends_on_a_statutory_holiday(start: date, count: int) -> None:
    assert not CALENDAR.is_statutory_holiday(CALENDAR.add_calendar_days(start, count).on)
