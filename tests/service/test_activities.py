"""Activities from the draft to the count, and back."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from chassis.errors import Refused
from contracts.events import activities as contract
from contracts.events.activities import ActivityState as State
from contracts.membership import organisation
from contracts.roles import Role
from tests.service.harness import (
    Service,
    Universe,
    activity_fields,
    an_actor,
    attendance_line,
    tomorrow,
)


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def names(events: list[Any]) -> list[str]:
    return [event.type.split(".")[3] for event in events]


def test_a_draft_is_nobodys_business_yet(universe: Universe) -> None:
    draft = universe.activity(State.DRAFT)

    assert (draft["state"], draft["version"], draft["_actions"]) == ("draft", 1, ["submit", "cancel"])
    assert universe.events.events_of(draft["id"]) == []


def test_a_draft_reads_as_it_was_answered(universe: Universe) -> None:
    fields = activity_fields(
        universe.home.id, theme="Craft", carrier="hall", dimension="life", place="Room 2", quota=30
    )
    draft = universe.events.do(contract.DraftActivity, universe.home.officer, **fields)

    read = universe.view(draft)

    assert {**read, "starts_at": None, "ends_at": None} == {**draft, "starts_at": None, "ends_at": None}
    assert {name: read[name] for name in ("theme", "carrier", "dimension", "place", "quota")} == {
        name: fields[name] for name in ("theme", "carrier", "dimension", "place", "quota")
    }


def test_a_draft_that_is_no_contest_takes_one_statement_beside_its_key(universe: Universe) -> None:
    """The most frequent write. Whether the role reaches the union is not asked each time, and not looked at here."""
    statements: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "contest_tier" in statement or "union_tree" not in statement:
            statements.append(statement)

    event.listen(universe.events.database.writer, "before_cursor_execute", notice)
    try:
        universe.events.do(contract.DraftActivity, universe.home.officer, **activity_fields(universe.home.id))
    finally:
        event.remove(universe.events.database.writer, "before_cursor_execute", notice)

    assert [statement.split()[0] for statement in statements] == ["INSERT", "INSERT", "UPDATE"]


def test_an_activity_is_told_from_the_day_it_is_announced(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED)

    told = universe.events.events_of(closed["id"])
    assert names(told) == ["activity_published", "activity_held", "activity_closed", "activity_attended"]
    assert [event.sequence for event in told] == [1, 2, 3, 4]
    assert [event.data["state"] for event in told[:3]] == ["open", "held", "closed"]
    assert {event.org_id for event in told} == {universe.home.id}
    assert {event.region_code for event in told} == {"330110"}


def test_an_activity_lies_in_the_region_of_its_union(universe: Universe) -> None:
    elsewhere = universe.founded(region_code="330106")
    asked = {"union_id": elsewhere["id"], "approved_on": elsewhere["founded_on"]}
    universe.membership.do(organisation.ApproveUnion, universe.zone_officer, **asked)
    universe.tell()

    draft = universe.events.do(contract.DraftActivity, universe.zone_officer, **activity_fields(elsewhere["id"]))
    for step in (contract.SubmitActivity, contract.ApproveActivity, contract.PublishActivity):
        universe.events.do(step, universe.zone_officer, activity_id=draft["id"])

    (announced,) = universe.events.events_of(draft["id"])
    assert announced.region_code == "330106"


def test_a_union_that_this_service_has_not_heard_of_drafts_nothing_yet(universe: Universe) -> None:
    stranger = uuid4()

    refused = refusal(
        universe.events, contract.DraftActivity, an_actor(Role.OFFICER, stranger), **activity_fields(stranger)
    )

    assert (refused.code, refused.field) == ("not_yet_known", "organizer_union_id")


def test_a_union_that_waits_for_approval_drafts_nothing(universe: Universe) -> None:
    waiting = universe.founded()
    universe.tell()

    refused = refusal(universe.events, contract.DraftActivity, universe.zone_officer, **activity_fields(waiting["id"]))

    assert (refused.code, refused.field) == ("union_not_approved", "organizer_union_id")


def test_an_activity_ends_after_it_starts(universe: Universe) -> None:
    fields = activity_fields(universe.home.id, ends_at="2023-03-01T19:00:00+08:00")

    refused = refusal(universe.events, contract.DraftActivity, universe.home.officer, **fields)

    assert (refused.code, refused.field) == ("ends_before_start", "ends_at")


def test_an_activity_is_not_held_tomorrow(universe: Universe) -> None:
    opened = universe.activity(State.OPEN)

    asked = {"activity_id": opened["id"], "held_on": tomorrow()}
    refused = refusal(universe.events, contract.HoldActivity, universe.home.officer, **asked)

    assert (refused.code, refused.field) == ("date_in_future", "held_on")
    assert universe.view(opened) == opened


@pytest.mark.parametrize(("held_on", "code"), [("2023-01-28", "held_before_plan"), ("2023-01-29", None)])
def test_a_day_long_before_the_planned_one_is_another_activitys(
    universe: Universe, held_on: str, code: str | None
) -> None:
    """The plan begins in the last hour of a UTC day and so on the next day in Shanghai, the 1st of March."""
    plan = {"starts_at": "2023-02-28T23:30:00Z", "ends_at": "2023-03-01T01:00:00Z"}
    opened = universe.activity(State.OPEN, **plan)
    asked = {"activity_id": opened["id"], "held_on": held_on}

    if code is None:
        assert universe.events.do(contract.HoldActivity, universe.home.officer, **asked)["held_on"] == held_on
        return
    refused = refusal(universe.events, contract.HoldActivity, universe.home.officer, **asked)
    assert (refused.code, refused.field, refused.params) == (code, "held_on", {"earliest": "2023-01-29"})


@pytest.mark.parametrize(("state", "told"), [(State.APPROVED, []), (State.OPEN, ["activity_cancelled"])])
def test_only_an_announced_activity_is_told_to_be_cancelled(universe: Universe, state: State, told: list[str]) -> None:
    activity = universe.activity(state)

    cancelled = universe.events.do(
        contract.CancelActivity, universe.home.officer, activity_id=activity["id"], reason="weather"
    )

    assert (cancelled["state"], cancelled["_actions"]) == ("cancelled", [])
    assert names(universe.events.events_of(activity["id"]))[-1:] == told


def test_an_empty_list_closes_nothing(universe: Universe) -> None:
    held = universe.activity(State.HELD)

    asked = {"activity_id": held["id"], "evidence_ref": "list-1"}

    assert refusal(universe.events, contract.CloseActivity, universe.home.officer, **asked).code == "no_attendance"


def test_closing_tells_of_each_person_in_each_session(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    both, first = uuid4().hex * 2, uuid4().hex * 2
    lines = [(both, 1, "10"), (both, 2, "10"), (first, 1, "13")]
    universe.record(
        held, [attendance_line(subject_key=who, session_no=no, worker_category=what) for who, no, what in lines]
    )

    closed = universe.events.do(
        contract.CloseActivity, universe.home.officer, activity_id=held["id"], evidence_ref="list-1"
    )

    attended = universe.events.events_of(held["id"], contract.ActivityAttended)
    found = [(one.data["subject_key"], one.data["session_no"], one.data["worker_category"]) for one in attended]
    assert sorted(found) == sorted(lines)
    assert {(one.data["on"], one.data["union_id"]) for one in attended} == {("2023-03-01", universe.home.id)}
    assert (closed["attendances"], closed["distinct_subjects"]) == (3, 2)


def test_a_correction_names_the_event_that_it_replaces(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED)
    asked = {"activity_id": closed["id"], "sessions": 2, "reason_code": "wrong_date"}
    universe.events.do(contract.CorrectActivity, universe.zone_officer, held_on="2023-03-02", **asked)
    universe.events.do(contract.CorrectActivity, universe.zone_officer, held_on="2023-03-03", **asked)
    universe.events.do(
        contract.VoidActivity, universe.zone_officer, activity_id=closed["id"], reason_code="recorded_twice"
    )

    told = universe.events.events_of(closed["id"])
    of_state = [event for event in told if "state" in event.data]
    replaced = [event.data.get("corrects") for event in of_state[2:]]
    assert names(of_state[2:]) == ["activity_closed", "activity_corrected", "activity_corrected", "activity_voided"]
    assert replaced == [None, *(event.id for event in of_state[2:-1])]
    assert [event.data["held_on"] for event in of_state[2:]] == ["2023-03-01", "2023-03-02", "2023-03-03", "2023-03-03"]
    assert of_state[-1].data["reason_code"] == "recorded_twice"


@pytest.mark.parametrize(
    ("request_class", "fields"),
    [
        (contract.CorrectActivity, {"held_on": "2023-03-02", "sessions": 2, "reason_code": "wrong_date"}),
        (contract.VoidActivity, {"reason_code": "recorded_twice"}),
    ],
)
def test_who_closed_an_activity_neither_corrects_nor_voids_it(
    universe: Universe, request_class: Any, fields: dict[str, Any]
) -> None:
    held = universe.activity(State.HELD)
    universe.attend(held, 1)
    universe.events.do(contract.CloseActivity, universe.zone_officer, activity_id=held["id"], evidence_ref="list-1")

    refused = refusal(universe.events, request_class, universe.zone_officer, activity_id=held["id"], **fields)

    assert refused.code == "maker_is_checker"


def test_a_correction_cannot_drop_a_session_that_somebody_came_to(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    universe.attend(held, 1, session_no=2)
    universe.events.do(contract.CloseActivity, universe.home.officer, activity_id=held["id"], evidence_ref="list-1")
    asked = {"activity_id": held["id"], "held_on": "2023-03-01", "reason_code": "wrong_count"}

    refused = refusal(universe.events, contract.CorrectActivity, universe.zone_officer, sessions=1, **asked)
    corrected = universe.events.do(contract.CorrectActivity, universe.zone_officer, sessions=3, **asked)

    assert (refused.code, refused.field) == ("sessions_below_attendance", "sessions")
    assert corrected["sessions"] == 3


def test_a_step_out_of_turn_is_refused_and_changes_nothing(universe: Universe) -> None:
    draft = universe.activity(State.DRAFT)

    refused = refusal(universe.events, contract.PublishActivity, universe.home.officer, activity_id=draft["id"])

    assert refused.code == "illegal_transition"
    assert universe.view(draft) == {**draft, **{name: universe.view(draft)[name] for name in ("starts_at", "ends_at")}}


@pytest.mark.parametrize("request_class", [contract.GetActivity, contract.SubmitActivity])
def test_an_activity_that_nobody_drafted_is_not_found(universe: Universe, request_class: Any) -> None:
    assert refusal(universe.events, request_class, universe.home.officer, activity_id=uuid4()).code == "not_found"


def test_activities_are_found_by_union_state_and_day(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED)
    draft = universe.activity(State.DRAFT, universe.other)

    def found(**filters: Any) -> set[str]:
        listed = universe.events.do(contract.ListActivities, universe.analyst, **filters)
        return {one["id"] for one in listed["items"]}

    everything = {"union": universe.federation}
    assert found(**everything) == {closed["id"], draft["id"]}
    assert found(**everything, state="closed") == {closed["id"]}
    assert found(**everything, kind="study") == {closed["id"], draft["id"]}
    assert found(union=universe.other.id) == {draft["id"]}
    assert found(**everything, held_from="2023-03-01", held_to="2023-03-01") == {closed["id"]}
    assert found(**everything, held_from="2023-03-02") == set()
    assert found(**everything, held_to="2023-02-28") == set()


def test_activities_are_listed_newest_first_and_page_by_page(universe: Universe) -> None:
    drafts = [universe.activity(State.DRAFT)["id"] for _ in range(3)]

    first = universe.events.do(contract.ListActivities, universe.analyst, union=universe.home.id, limit=2)
    rest = universe.events.do(
        contract.ListActivities, universe.analyst, union=universe.home.id, limit=2, cursor=first["next"]
    )

    assert [one["id"] for one in (*first["items"], *rest["items"])] == drafts[::-1]
    assert rest["next"] is None


def test_an_event_never_holds_what_a_person_typed_or_who_did_it(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED, title="A title that somebody typed")

    told = [str(event.data) for event in universe.events.events_of(closed["id"])]

    assert not any("somebody typed" in one or "list-1" in one for one in told)
    assert not any(str(universe.home.officer.id) in one for one in told)
    assert UUID(closed["id"])
