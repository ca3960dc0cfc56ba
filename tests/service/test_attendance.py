"""The attendance list: added to in bulk, counted where it lies."""

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
from tests.service.harness import Universe, attendance_line


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
