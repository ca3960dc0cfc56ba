"""The attendance list: added to in bulk, counted where it lies."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from chassis.errors import Refused
from contracts.events import activities as contract
from contracts.events.activities import ActivityState as State
from services.events.activities.models import Activity
from tests.service.contests import (
    cancel,
    close,
    contest,
    hold,
    joined,
    listed,
    members,
    register,
    retained,
    states,
    tier,
)
from tests.service.harness import Universe, attendance_line
from tests.service.tidings import a_person


def test_a_person_in_one_session_counts_once_however_often_listed(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    line = attendance_line()

    answer = universe.record(held, [line, line, attendance_line()])

    assert (answer["added"], answer["already_there"]) == (2, 1)
    assert (answer["attendances"], answer["distinct_subjects"]) == (2, 2)


def test_a_list_sent_again_adds_nothing(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    lines = [attendance_line() for _ in range(3)]
    universe.record(held, lines)

    again = universe.record(held, lines)

    assert (again["added"], again["already_there"], again["attendances"]) == (0, 3, 3)


def test_the_activity_shows_what_the_list_holds(universe: Universe) -> None:
    held = universe.activity(State.HELD)

    universe.attend(held, 3)

    view = universe.view(held)
    assert (view["attendances"], view["distinct_subjects"], view["state"]) == (3, 3, "held")
    assert view["version"] == held["version"] + 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lists=st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2)), min_size=1, max_size=8), max_size=4),
)
def test_any_lists_in_any_order_count_as_the_set_of_their_lines(
    universe: Universe, lists: list[list[tuple[int, int]]]
) -> None:
    held = universe.activity(State.HELD)
    people = [uuid4().hex * 2 for _ in range(5)]
    seen: set[tuple[int, int]] = set()
    for lines in lists:
        answer = universe.record(held, [attendance_line(subject_key=people[who], session_no=no) for who, no in lines])
        assert answer["added"] == len(set(lines) - seen)
        assert answer["added"] + answer["already_there"] == len(lines)
        seen |= set(lines)

    view = universe.view(held)
    assert view["attendances"] == len(seen)
    assert view["distinct_subjects"] == len({who for who, _ in seen})


def test_a_session_that_was_not_held_is_refused_and_nothing_of_the_list_is_kept(universe: Universe) -> None:
    held = universe.activity(State.HELD)

    with pytest.raises(Refused) as refused:
        universe.record(held, [attendance_line(), attendance_line(session_no=3)])

    assert refused.value.code == "no_such_session"
    assert universe.view(held)["attendances"] == 0


@pytest.mark.parametrize("state", [State.OPEN, State.CLOSED, State.VOIDED])
def test_only_the_list_of_a_held_activity_is_open(universe: Universe, state: State) -> None:
    activity = universe.activity(state)

    with pytest.raises(Refused) as refused:
        universe.attend(activity, 1)

    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"subject_key": "Wang"}, "attendances.0.subject_key", "not_a_subject_key"),
        ({"worker_category": "77"}, "attendances.0.worker_category", "unknown_code"),
        ({"session_no": 0}, "attendances.0.session_no", "number_range"),
        ({"name": "Wang"}, "attendances.0.name", "unknown_field"),
    ],
)
def test_a_bad_line_is_named_by_its_place(universe: Universe, line: dict[str, Any], field: str, code: str) -> None:
    held = universe.activity(State.HELD)

    with pytest.raises(Refused) as refused:
        universe.record(held, [attendance_line(**line)])

    assert refused.value.code == "invalid_request"
    assert (field, code) in {(row["field"], row["code"]) for row in refused.value.errors}


def test_a_thousand_people_are_recorded_and_told_at_once(universe: Universe) -> None:
    held = universe.activity(State.HELD)

    answer = universe.attend(held, 1000)
    closed = universe.events.do(
        contract.CloseActivity, universe.home.officer, activity_id=held["id"], evidence_ref="list-1"
    )

    told = universe.events.events_of(held["id"], contract.ActivityAttended)
    assert (answer["added"], closed["attendances"], len(told)) == (1000, 1000, 1000)
    assert [event.sequence for event in told] == list(range(told[0].sequence, told[0].sequence + 1000))


def test_a_list_is_never_so_long_that_closing_it_could_fail(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    with universe.events.database.writer.begin() as connection:
        nearly = {"attendances": contract.LONGEST_LIST - 1}
        connection.execute(update(Activity).where(Activity.id == UUID(held["id"])).values(nearly))

    with pytest.raises(Refused) as refused:
        universe.record(held, [attendance_line(), attendance_line()])

    assert (refused.value.code, refused.value.params) == ("attendance_list_full", {"most": "20000"})
    assert universe.record(held, [attendance_line()])["attendances"] == contract.LONGEST_LIST


def test_a_members_category_is_the_one_of_the_day_whatever_the_list_says(universe: Universe) -> None:
    """On the 1st of March, the day the activity was held; what came later does not count."""
    [person] = members(universe, 1, worker_category="13")
    joined(universe, [person], worker_category="14", effective_on="2023-03-01")
    retained(universe, person, date(2023, 3, 2), worker_category="15")
    held = universe.activity(State.HELD)
    universe.record(held, [attendance_line(subject_key=person, worker_category="10")])

    close(universe, held)

    [told] = universe.events.events_of(held["id"], contract.ActivityAttended)
    assert told.data["worker_category"] == "14"


def test_a_retained_member_still_has_a_category(universe: Universe) -> None:
    [person] = members(universe, 1)
    retained(universe, person, date(2023, 1, 1), worker_category="15")
    held = universe.activity(State.HELD)

    assert universe.record(held, [attendance_line(subject_key=person, worker_category=None)])["added"] == 1


def test_of_somebody_who_is_no_member_the_list_says_the_category(universe: Universe) -> None:
    """Nor is somebody a member who joined after the day; nobody of a list is recorded where one category is missing."""
    [later] = members(universe, 1, effective_on="2023-03-02")
    held = universe.activity(State.HELD)
    without = {"subject_key": a_person(), "session_no": 1}

    with pytest.raises(Refused) as refused:
        universe.record(held, [attendance_line(), without, attendance_line(subject_key=later, worker_category=None)])

    assert (refused.value.code, refused.value.field) == ("worker_category_missing", "attendances")
    assert [row["field"] for row in refused.value.errors] == ["attendances.1", "attendances.2"]
    assert universe.view(held)["attendances"] == 0


def record(universe: Universe, activity: dict[str, Any], *people: str, session_no: int = 1) -> dict[str, Any]:
    lines = [attendance_line(subject_key=one, session_no=session_no) for one in people]
    return universe.record(activity, lines)


def test_only_those_who_registered_come_to_a_contest(universe: Universe) -> None:
    place, waits, gone, nobody = people = members(universe, 4)
    opened = contest(universe, [gone, place, waits], quota=2)
    cancel(universe, listed(universe, opened)[0])
    # the one who waited has the place of the one who is gone, and the last one waits in turn
    register(universe, opened, [nobody])
    hold(universe, opened)

    with pytest.raises(Refused) as refused:
        universe.record(opened, [attendance_line(subject_key=one) for one in (place, waits, gone, nobody)])

    assert (refused.value.code, refused.value.field) == ("not_registered", "attendances")
    assert [row["field"] for row in refused.value.errors] == ["attendances.2"]
    assert universe.record(opened, [attendance_line(subject_key=one) for one in people[:2]])["added"] == 2


def test_who_waited_comes_where_a_place_stayed_empty(universe: Universe) -> None:
    came, missed, first, second, third = members(universe, 5)
    opened = contest(universe, [came, missed, first, second, third], quota=2)
    hold(universe, opened)

    assert record(universe, opened, came, first)["added"] == 2
    # said again of another session, it takes no further place
    assert record(universe, opened, first, session_no=2)["added"] == 1
    with pytest.raises(Refused) as refused:
        record(universe, opened, first, second)
    assert (refused.value.code, refused.value.field) == ("no_place_left", "attendances")
    assert [row["field"] for row in refused.value.errors] == ["attendances.1"]

    close(universe, opened)
    after = dict.fromkeys((came, first), "attended") | {missed: "no_show"}
    assert states(universe, opened) == after | dict.fromkeys((second, third), "waitlisted")


def test_who_waited_does_not_come_where_those_with_a_place_fill_all_on_the_same_list(universe: Universe) -> None:
    people = members(universe, 3)
    opened = contest(universe, people, quota=2)
    hold(universe, opened)

    with pytest.raises(Refused, match="no_place_left"):
        record(universe, opened, *reversed(people))

    assert record(universe, opened, *people[:2])["added"] == 2


def test_whoever_has_a_place_is_recorded_although_one_who_waited_was_before(universe: Universe) -> None:
    people = members(universe, 2)
    opened = contest(universe, people, quota=1)
    hold(universe, opened)
    record(universe, opened, people[1])

    assert record(universe, opened, people[0])["distinct_subjects"] == 2


def test_the_contests_of_a_year_count_people_and_attendances_apart(universe: Universe) -> None:
    """Seven contests, two of them of two sessions: 318 attendances of 236 people."""
    people = members(universe, 236)
    lists = [people[first : first + 36] for first in range(0, 236, 36)]
    tier(universe, code="mass")
    seen: list[tuple[str, int]] = []
    for number, (asked, tier_code) in enumerate(zip(lists, ["elite", *["mass"] * 6], strict=True)):
        opened = contest(universe, asked, tier=tier_code, quota=40)
        hold(universe, opened)
        again = asked if number < 2 else asked[:2]
        lines = [(one, 1) for one in asked] + [(one, 2) for one in again]
        universe.record(opened, [{"subject_key": one, "session_no": session_no} for one, session_no in lines])
        closed = close(universe, opened)
        assert (closed["attendances"], closed["distinct_subjects"]) == (len(lines), len(asked))
        told = universe.events.events_of(opened["id"], contract.ActivityAttended)
        assert sorted((one.data["subject_key"], one.data["session_no"]) for one in told) == sorted(lines)
        seen += lines

    assert (len(seen), len({one for one, _ in seen})) == (318, 236)
