"""What surrounds every command: the role, the organisation, the version and the key."""

from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Refused
from contracts.events import activities as contract
from contracts.events.activities import ActivityState as State
from contracts.membership import organisation
from contracts.roles import Role
from tests.service.harness import Service, Universe, activity_fields, an_actor, attendance_line, union_fields
from tests.service.together import at_once


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def test_a_role_that_may_not_is_refused_before_the_request_is_read(universe: Universe) -> None:
    member = an_actor(Role.MEMBER, universe.home.id)

    assert refusal(universe.events, contract.DraftActivity, member).code == "role_not_allowed"


def test_a_request_with_bad_fields_names_each_of_them(universe: Universe) -> None:
    fields = activity_fields(universe.home.id, kind="party", quota=0, colour="red")

    refused = refusal(universe.events, contract.DraftActivity, universe.home.officer, **fields)

    assert [(row["field"], row["code"]) for row in refused.errors] == [
        ("colour", "unknown_field"),
        ("kind", "unknown_code"),
        ("quota", "number_range"),
    ]


def test_another_unions_officer_reaches_neither_the_union_nor_its_activity(universe: Universe) -> None:
    draft = universe.activity(State.DRAFT)
    stranger = universe.other.officer

    new = refusal(universe.events, contract.DraftActivity, stranger, **activity_fields(universe.home.id))
    old = refusal(universe.events, contract.SubmitActivity, stranger, activity_id=draft["id"])

    assert (new.code, new.field) == ("outside_scope", "organizer_union_id")
    assert old.code == "outside_scope"


def test_a_command_on_a_version_that_is_gone_changes_nothing(universe: Universe) -> None:
    draft = universe.activity(State.DRAFT)
    asked = {"activity_id": draft["id"]}
    submitted = universe.events.do(contract.SubmitActivity, universe.home.officer, expected_version=1, **asked)

    refused = refusal(universe.events, contract.CancelActivity, universe.home.officer, None, 1, reason="other", **asked)

    assert submitted["version"] == 2
    assert refused.code == "stale_version"
    assert universe.view(draft)["state"] == "submitted"


def test_a_key_that_comes_twice_gets_the_first_answer_and_has_one_effect(universe: Universe) -> None:
    approved = universe.activity(State.APPROVED)
    key = str(uuid4())

    answers = [
        universe.events.do(contract.PublishActivity, universe.home.officer, key, activity_id=approved["id"])
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert len(universe.events.events_of(approved["id"])) == 1


def test_a_key_that_comes_with_another_body_is_refused(universe: Universe) -> None:
    key, officer = str(uuid4()), universe.home.officer
    universe.events.do(contract.DraftActivity, officer, key, **activity_fields(universe.home.id))

    fields = activity_fields(universe.home.id, title="Another evening")

    assert refusal(universe.events, contract.DraftActivity, officer, key, **fields).code == "idempotency_key_reused"


def test_a_key_belongs_to_the_account_that_made_it(universe: Universe) -> None:
    key, fields = str(uuid4()), activity_fields(universe.home.id)

    drafts = [
        universe.events.do(contract.DraftActivity, actor, key, **fields)
        for actor in (universe.home.officer, universe.home.chair)
    ]

    assert drafts[0]["id"] != drafts[1]["id"]


def test_a_refused_command_leaves_its_key_free(universe: Universe) -> None:
    key, officer = str(uuid4()), universe.home.officer
    fields = activity_fields(universe.home.id, ends_at="2023-03-01T18:00:00+08:00")
    refused = refusal(universe.events, contract.DraftActivity, officer, key, **fields)

    mended = universe.events.do(contract.DraftActivity, officer, key, **activity_fields(universe.home.id))

    assert (refused.code, mended["state"]) == ("ends_before_start", "draft")


def test_a_draft_wakes_no_relay_and_an_announcement_does(universe: Universe) -> None:
    approved = universe.activity(State.APPROVED)
    before = universe.events.commits

    universe.events.do(contract.PublishActivity, universe.home.officer, activity_id=approved["id"])

    assert universe.events.commits == before + 1
    universe.activity(State.APPROVED)
    assert universe.events.commits == before + 1


def test_two_who_close_at_once_close_once(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    universe.attend(held, 5)
    asked = {"activity_id": held["id"], "evidence_ref": "list-1"}

    def close(actor: Any) -> Any:
        return lambda: universe.events.do(contract.CloseActivity, actor, **asked)["state"]

    answers = at_once(*(close(actor) for actor in (universe.home.officer, universe.home.chair, universe.zone_officer)))

    assert sorted(answers) == ["closed", "illegal_transition", "illegal_transition"]
    assert len(universe.events.events_of(held["id"], contract.ActivityClosed)) == 1
    assert len(universe.events.events_of(held["id"], contract.ActivityAttended)) == 5


def test_one_key_sent_twice_at_once_gets_one_answer(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    universe.attend(held, 5)
    key = str(uuid4())

    def close() -> Any:
        return universe.events.do(
            contract.CloseActivity, universe.home.officer, key, activity_id=held["id"], evidence_ref="list-1"
        )

    first, *others = at_once(close, close, close)

    assert first["state"] == "closed"
    assert others == [first, first]
    assert len(universe.events.events_of(held["id"], contract.ActivityClosed)) == 1


def test_two_with_the_same_version_do_not_overwrite_each_other(universe: Universe) -> None:
    draft = universe.activity(State.DRAFT)
    asked = {"activity_id": draft["id"], "expected_version": draft["version"]}

    def do(request_class: Any, **fields: Any) -> Any:
        return lambda: universe.events.do(request_class, universe.home.officer, **asked, **fields)["state"]

    answers = at_once(do(contract.SubmitActivity), do(contract.CancelActivity, reason="other"))

    assert answers.count("stale_version") == 1
    assert universe.view(draft)["state"] in answers


def test_lists_that_overlap_and_come_at_once_are_counted_right(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    lines = [attendance_line() for _ in range(60)]

    answers = at_once(*(lambda part=lines[start : start + 40]: universe.record(held, part) for start in (0, 10, 20)))

    view = universe.view(held)
    assert sum(answer["added"] for answer in answers) == 60
    assert (view["attendances"], view["distinct_subjects"]) == (60, 60)


def test_two_foundings_of_one_name_at_once_make_one_union(universe: Universe) -> None:
    fields = union_fields(universe.federation)

    def found() -> Any:
        return universe.membership.do(organisation.FoundUnion, universe.zone_officer, **fields)["state"]

    assert sorted(at_once(found, found)) == ["awaiting_approval", "union_name_taken"]


def test_a_union_is_known_to_another_service_once_its_event_has_come(universe: Universe) -> None:
    newcomer = universe.approved_union()

    unknown = refusal(universe.events, contract.DraftActivity, newcomer.officer, **activity_fields(newcomer.id))
    universe.tell()
    draft = universe.events.do(contract.DraftActivity, newcomer.officer, **activity_fields(newcomer.id))

    assert (unknown.code, draft["state"]) == ("not_yet_known", "draft")
