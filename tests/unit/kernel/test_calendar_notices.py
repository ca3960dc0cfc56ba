"""A notice loaded later moves open due dates, and a notice that contradicts itself is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kernel.calendar import Calendar, Change, Due, Notice, NoticeError, OpenDue, Unit, recompute

#: An invented notice of 2027 that reaches back into 2026, as those of 2019 and 2023 did.
NEW_YEAR_2027: dict[str, Any] = {
    "year": 2027,
    "reference": "invented for the test",
    "issued_on": date(2026, 11, 1),
    "certainty": "D",
    "holiday": [
        {
            "name": "new_year",
            "from": date(2026, 12, 31),
            "to": date(2027, 1, 2),
            "make_up": [date(2026, 12, 26), date(2027, 1, 3)],
        }
    ],
}


def clock(key: str, start: date, count: int, unit: Unit = Unit.WORKING_DAYS) -> OpenDue:
    return OpenDue(key, start, count, unit)


def test_loading_a_notice_tells_which_open_due_dates_it_moves() -> None:
    old = Calendar.load()
    new = old.with_notice(Notice.from_mapping(NEW_YEAR_2027))
    untouched = clock("reply", date(2026, 11, 2), 10)
    definite_before = clock("publish", date(2026, 12, 28), 3)
    provisional_before = clock("congress", date(2026, 12, 30), 2)
    only_confirmed = clock("finish", date(2026, 12, 1), 60, Unit.CALENDAR_DAYS)

    assert recompute([untouched, definite_before, provisional_before, only_confirmed], old, new) == [
        Change(definite_before, Due(date(2026, 12, 31), False), Due(date(2027, 1, 3), False)),
        Change(provisional_before, Due(date(2027, 1, 1), True), Due(date(2027, 1, 4), False)),
        Change(only_confirmed, Due(date(2027, 1, 30), True), Due(date(2027, 1, 30), False)),
    ]


def test_a_change_says_whether_the_day_itself_moves() -> None:
    due, friday, monday = clock("reply", date(2027, 1, 1), 1), date(2027, 1, 8), date(2027, 1, 11)
    assert Change(due, Due(friday, True), Due(monday, False)).moves
    assert not Change(due, Due(friday, True), Due(friday, False)).moves


def test_the_same_notices_move_nothing() -> None:
    calendar = Calendar.load()
    assert recompute([clock("reply", date(2026, 12, 28), 10)], calendar, calendar) == []


def test_a_holiday_that_only_the_next_years_notice_declares_is_definite() -> None:
    calendar = Calendar([Notice.from_mapping(NEW_YEAR_2027)])
    assert calendar.add_calendar_days(date(2026, 12, 21), 10) == Due(date(2027, 1, 3), provisional=False)


def test_an_amended_notice_replaces_the_one_of_its_year() -> None:
    amended = NEW_YEAR_2027 | {"holiday": [{"name": "new_year", "from": date(2027, 1, 1), "to": date(2027, 1, 1)}]}
    first = Calendar.load().with_notice(Notice.from_mapping(NEW_YEAR_2027))
    second = first.with_notice(Notice.from_mapping(amended))
    assert not first.is_working_day(date(2026, 12, 31))
    assert second.is_working_day(date(2026, 12, 31))


def test_a_notice_is_read_from_a_file_given_by_the_operator(tmp_path: Path) -> None:
    path = tmp_path / "2027.toml"
    path.write_text(
        'year = 2027\nreference = "r"\nissued_on = 2026-11-01\ncertainty = "D"\n'
        "[[holiday]]\nfrom = 2027-10-01\nto = 2027-10-07\nmake_up = [2027-10-09]\n",
        encoding="utf-8",
    )
    notice = Notice.from_path(path)
    assert len(notice.holidays) == 7
    assert notice.make_up_days == {date(2027, 10, 9)}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"holiday": [{"from": date(2027, 1, 2), "to": date(2027, 1, 1)}]}, "before it begins"),
        ({"holiday": [{"from": date(2028, 1, 1), "to": date(2028, 1, 1)}]}, "does not belong"),
        ({"holiday": [{"from": date(2026, 11, 30), "to": date(2026, 11, 30)}]}, "does not belong"),
        ({"holiday": [{"from": date(2027, 1, 1), "to": date(2027, 1, 1), "make_up": [date(2027, 1, 4)]}]}, "working"),
        ({"holiday": [{"from": date(2027, 1, 1), "to": date(2027, 1, 3), "make_up": [date(2027, 1, 3)]}]}, "working"),
        ({"holiday": [{"from": date(2027, 1, 1)}]}, "no field 'to'"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(NoticeError, match=complaint):
        Notice.from_mapping(NEW_YEAR_2027 | change)
