"""Registrations: places in the order of coming, then a waiting list, and what becomes of both."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from chassis.actor import Actor
from chassis.errors import Refused
from contracts.events import activities
from contracts.events import registrations as contract
from contracts.events.activities import ActivityState as State
from contracts.roles import Role
from services.events.registrations.models import Registration
from tests.service.contests import (
    a_member_with_an_account,
    cancel,
    close,
    contest,
    hold,
    listed,
    members,
    register,
    retained,
    states,
)
from tests.service.harness import LONG_AGO, Universe, an_actor, attendance_line
from tests.service.tidings import a_person


def refusal(do: Any, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        do(*asked, **fields)
    return caught.value


def register_myself(universe: Universe, activity: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return universe.events.do(contract.RegisterMyself, actor, activity_id=activity["id"])


def told(universe: Universe, registration: dict[str, Any]) -> list[tuple[str, str]]:
    """What was told of a registration, each with the state that it carried."""
    return [(one.type.split(".")[3], one.data["state"]) for one in universe.events.events_of(registration["id"])]


def test_places_go_in_the_order_of_the_list_and_the_others_wait(universe: Universe) -> None:
    first, second, third = people = members(universe, 3)
    opened = contest(universe, quota=2)

    answer = register(universe, opened, people)

    assert answer == {"activity_id": opened["id"], "confirmed": 2, "waitlisted": 1, "already_there": 0}
    rows = listed(universe, opened)
    assert [(row["subject_key"], row["state"]) for row in rows] == [
        (first, "confirmed"),
        (second, "confirmed"),
        (third, "waitlisted"),
    ]
    assert [told(universe, row) for row in rows] == [
        [("registration_confirmed", "confirmed")],
        [("registration_confirmed", "confirmed")],
        [("registration_waitlisted", "waitlisted")],
    ]
    assert [row["_actions"] for row in rows] == [["cancel"]] * 3


def test_without_a_quota_everybody_has_a_place(universe: Universe) -> None:
    opened = contest(universe)

    assert register(universe, opened, members(universe, 5))["confirmed"] == 5


def test_a_registration_tells_who_for_what_and_nothing_else(universe: Universe) -> None:
    [person] = members(universe, 1)
    opened = contest(universe, [person])

    [row] = listed(universe, opened)
    [event] = universe.events.events_of(row["id"])
    assert dict(event.data) == {
        "registration_id": row["id"],
        "activity_id": opened["id"],
        "subject_key": person,
        "state": "confirmed",
    }
    assert (event.org_id, event.region_code) == (universe.home.id, "330110")


def test_a_registration_keeps_category_and_union_of_its_day(universe: Universe) -> None:
    [person] = members(universe, 1, union_id=universe.other.id, worker_category="13")
    opened = contest(universe, [person])
    retained(universe, person, date(2023, 1, 1), worker_category="11")

    [row] = listed(universe, opened)
    assert (row["worker_category"], row["union_id"]) == ("13", universe.other.id)


def test_registering_twice_is_once_however_it_is_asked(universe: Universe) -> None:
    first, second = members(universe, 2)
    opened = contest(universe, quota=1)
    register(universe, opened, [first, first, second])

    again = register(universe, opened, [second, first])
    own = register_myself(universe, opened, a_member_with_an_account(second))

    assert (again["confirmed"], again["waitlisted"], again["already_there"]) == (0, 0, 2)
    assert (own["subject_key"], own["state"], own["version"]) == (second, "waitlisted", 1)
    assert len(listed(universe, opened)) == 2


def test_a_member_registers_alone(universe: Universe) -> None:
    [person] = members(universe, 1)
    opened = contest(universe)

    mine = register_myself(universe, opened, a_member_with_an_account(person))

    assert listed(universe, opened) == [mine]
    assert (mine["state"], told(universe, mine)) == ("confirmed", [("registration_confirmed", "confirmed")])


def test_a_place_that_is_given_back_is_the_first_ones_who_waits(universe: Universe) -> None:
    first, second, third, fourth = people = members(universe, 4)
    opened = contest(universe, people, quota=2)
    rows = {row["subject_key"]: row for row in listed(universe, opened)}

    cancelled = cancel(universe, rows[first])

    assert (cancelled["state"], cancelled["version"], cancelled["_actions"]) == ("cancelled", 2, [])
    expected = {first: "cancelled", second: "confirmed", third: "confirmed", fourth: "waitlisted"}
    assert states(universe, opened) == expected
    assert told(universe, rows[first])[1:] == [("registration_cancelled", "cancelled")]
    assert told(universe, rows[third])[1:] == [("registration_promoted", "confirmed")]


def test_who_stops_waiting_frees_no_place(universe: Universe) -> None:
    first, second, third = people = members(universe, 3)
    opened = contest(universe, people, quota=1)
    [_, waiting, _] = listed(universe, opened)

    cancel(universe, waiting)

    assert states(universe, opened) == {first: "confirmed", second: "cancelled", third: "waitlisted"}


def test_who_gave_a_place_back_comes_again_as_the_last(universe: Universe) -> None:
    first, second = people = members(universe, 2)
    opened = contest(universe, people, quota=1)
    cancel(universe, listed(universe, opened)[0])

    answer = register(universe, opened, [first])

    found = [(row["subject_key"], row["state"]) for row in listed(universe, opened)]
    assert answer["waitlisted"] == 1
    assert found == [(first, "cancelled"), (second, "confirmed"), (first, "waitlisted")]


def test_members_give_back_their_own_place_and_nobody_elses(universe: Universe) -> None:
    first, second = members(universe, 2)
    opened = contest(universe, [first, second])
    mine, theirs = listed(universe, opened)
    myself = a_member_with_an_account(first)

    assert refusal(cancel, universe, theirs, myself).code == "outside_scope"
    assert refusal(cancel, universe, mine, universe.other.officer).code == "outside_scope"
    stale = {"registration_id": theirs["id"], "expected_version": 7}
    assert refusal(universe.events.do, contract.CancelRegistration, myself, **stale).code == "outside_scope"
    assert cancel(universe, mine, myself)["state"] == "cancelled"
    assert cancel(universe, theirs, universe.zone_officer)["state"] == "cancelled"


def test_a_registration_is_given_back_once_and_as_it_was_seen(universe: Universe) -> None:
    opened = contest(universe, members(universe, 1))
    [row] = listed(universe, opened)
    asked = {"registration_id": row["id"]}

    stale = refusal(universe.events.do, contract.CancelRegistration, universe.home.officer, expected_version=7, **asked)
    cancel(universe, row)

    assert stale.code == "stale_version"
    assert refusal(cancel, universe, row).code == "illegal_transition"
    assert refusal(cancel, universe, {"id": uuid4()}).code == "not_found"


def test_only_members_whom_the_register_knows_have_places(universe: Universe) -> None:
    """The refusal names the lines; nobody of the list is registered."""
    good, gone = members(universe, 2)
    retained(universe, gone, date(2023, 1, 1))
    [not_yet] = members(universe, 1, effective_on="2999-01-01")
    opened = contest(universe)

    stranger = refusal(register, universe, opened, [good, gone, a_person()])
    former = refusal(register, universe, opened, [good, gone, not_yet])

    assert (stranger.code, stranger.field) == ("not_yet_known", "subject_keys")
    assert [row["field"] for row in stranger.errors] == ["subject_keys.2"]
    assert (former.code, [row["field"] for row in former.errors]) == (
        "not_a_member",
        ["subject_keys.1", "subject_keys.2"],
    )
    assert listed(universe, opened) == []


def test_an_account_registers_the_person_behind_it_or_nobody(universe: Universe) -> None:
    [gone] = members(universe, 1)
    retained(universe, gone, LONG_AGO)
    opened = contest(universe)

    def code(actor: Actor) -> str:
        return refusal(register_myself, universe, opened, actor).code

    assert code(an_actor(Role.MEMBER)) == "not_a_member"
    assert code(a_member_with_an_account(gone)) == "not_a_member"
    assert code(a_member_with_an_account(a_person())) == "not_yet_known"


def test_who_is_registered_stays_so_when_the_membership_is_retained(universe: Universe) -> None:
    [person] = members(universe, 1)
    opened = contest(universe, [person])
    retained(universe, person, date(2023, 1, 1))

    assert register(universe, opened, [person])["already_there"] == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.HELD, State.CANCELLED])
def test_registration_is_open_from_the_announcement_until_the_day(universe: Universe, state: State) -> None:
    people = members(universe, 1)
    activity = contest(universe, state=State.OPEN if state is State.CANCELLED else state)
    if state is State.CANCELLED:
        asked = {"activity_id": activity["id"], "reason": "weather"}
        universe.events.do(activities.CancelActivity, universe.home.officer, **asked)

    assert refusal(register, universe, activity, people).code == "registration_closed"
    actor = a_member_with_an_account(people[0])
    assert refusal(register_myself, universe, activity, actor).code == "registration_closed"


def test_nobody_gives_a_place_back_after_the_day(universe: Universe) -> None:
    opened = contest(universe, members(universe, 1))
    [row] = listed(universe, opened)
    hold(universe, opened)

    assert refusal(cancel, universe, row).code == "registration_closed"


def test_a_study_evening_takes_no_registrations(universe: Universe) -> None:
    study = universe.activity(State.OPEN)

    assert refusal(register, universe, study, members(universe, 1)).code == "no_registration"


def test_closing_tells_who_came_from_who_did_not(universe: Universe) -> None:
    came, missed, waited = people = members(universe, 3)
    opened = contest(universe, people, quota=2)
    hold(universe, opened)
    universe.record(opened, [attendance_line(subject_key=came, session_no=no) for no in (1, 2)])

    close(universe, opened)

    assert states(universe, opened) == {came: "attended", missed: "no_show", waited: "waitlisted"}
    rows = listed(universe, opened)
    assert [row["version"] for row in rows] == [2, 2, 1]
    assert [row["_actions"] for row in rows[:2]] == [[], []]


def test_a_cancelled_contest_cancels_and_tells_every_registration(universe: Universe) -> None:
    first, second, third = people = members(universe, 3)
    opened = contest(universe, people, quota=1)
    rows = listed(universe, opened)
    cancel(universe, rows[1])

    asked = {"activity_id": opened["id"], "reason": "weather"}
    universe.events.do(activities.CancelActivity, universe.home.officer, **asked)

    assert states(universe, opened) == dict.fromkeys((first, second, third), "cancelled")
    last = [told(universe, row)[1:] for row in rows]
    assert last == [[("registration_cancelled", "cancelled")]] * 3
    assert [row["version"] for row in listed(universe, opened)] == [2, 2, 2]
    by_the_contest, by_a_person = (universe.events.events_of(row["id"])[-1] for row in rows[:2])
    assert set(by_the_contest.data) == set(by_a_person.data)
    assert (by_the_contest.sequence, by_the_contest.org_id, by_the_contest.region_code) == (
        2,
        universe.home.id,
        "330110",
    )


def test_the_list_is_read_by_the_organisers_page_by_page_and_by_state(universe: Universe) -> None:
    people = members(universe, 5)
    opened = contest(universe, people, quota=2)

    assert [row["subject_key"] for row in listed(universe, opened, limit=2)] == people
    assert [row["subject_key"] for row in listed(universe, opened, state="waitlisted", limit=2)] == people[2:]
    asked = {"activity_id": opened["id"]}
    foreign = refusal(universe.events.do, contract.ListRegistrations, universe.other.officer, **asked)
    nowhere = refusal(universe.events.do, contract.ListRegistrations, universe.home.officer, activity_id=uuid4())
    assert (foreign.code, nowhere.code) == ("outside_scope", "not_found")


@pytest.mark.parametrize("cursor", ["nonsense", "LTE", "OTk5OTk5OTk5OTk5", "eA"])
def test_a_cursor_of_somebody_elses_making_is_refused(universe: Universe, cursor: str) -> None:
    asked = {"activity_id": contest(universe)["id"], "cursor": cursor}

    assert refusal(universe.events.do, contract.ListRegistrations, universe.home.officer, **asked).errors[0] == {
        "field": "cursor",
        "code": "not_a_cursor",
    }


def test_a_list_is_never_so_long_that_cancelling_the_contest_could_fail(universe: Universe) -> None:
    first, second = members(universe, 2)
    opened = contest(universe)
    there = {"activity_id": UUID(opened["id"]), "union_id": UUID(universe.home.id), "worker_category": "10"}
    rows = [
        {"number": number, "subject_key": a_person(), "state": "confirmed", "region_code": "330110", **there}
        for number in range(1, contract.MOST_REGISTRATIONS)
    ]
    with universe.events.database.writer.begin() as connection:
        connection.execute(insert(Registration), rows)

    full = refusal(register, universe, opened, [first, second])

    assert (full.code, full.params) == ("registrations_full", {"most": "5000"})
    assert register(universe, opened, [first])["confirmed"] == 1
    asked = {"activity_id": opened["id"], "reason": "weather"}
    assert universe.events.do(activities.CancelActivity, universe.home.officer, **asked)["state"] == "cancelled"
