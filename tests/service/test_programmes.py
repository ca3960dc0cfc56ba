"""Programmes from the draft to the audit, and who may take no step because of an earlier one."""

from typing import Any
from uuid import uuid4

import pytest

from chassis.actor import Actor
from contracts.roles import Role
from contracts.welfare import programmes as contract
from tests.service.benefits import Office, programme_fields, refusal
from tests.service.harness import Universe, an_actor


def names(events: list[Any]) -> list[str]:
    return [event.type.split(".")[3] for event in events]


def test_a_draft_reads_as_it_was_answered_and_tells_nobody(universe: Universe, office: Office) -> None:
    draft = office.programme("draft", categories=["13", "12", "13"], admits_retained=True)

    assert office.read(draft) == draft
    assert (draft["state"], draft["version"], draft["_actions"]) == ("draft", 1, ["submit"])
    assert (draft["categories"], draft["admits_retained"]) == (["12", "13"], True)
    assert (draft["committed_fen"], draft["spent_fen"], draft["opinion"], draft["resolution_ref"]) == (0, 0, None, None)
    assert universe.welfare.events_of(draft["id"]) == []


def test_a_programme_is_told_from_its_approval_to_its_audit(universe: Universe, office: Office) -> None:
    audited = office.programme("audited")

    told = universe.welfare.events_of(audited["id"])
    assert names(told) == ["programme_approved", "programme_opened", "programme_closed", "programme_audited"]
    assert [event.data["state"] for event in told] == ["approved", "open", "closed", "audited"]
    assert [event.sequence for event in told] == [1, 2, 3, 4]
    assert {event.org_id for event in told} == {universe.federation}
    assert {event.region_code for event in told} == {"330110"}
    assert audited["_actions"] == []


def test_a_suspended_programme_goes_on_and_both_are_told(universe: Universe, office: Office) -> None:
    suspended = office.programme("suspended")

    resumed = universe.welfare.do(contract.ResumeProgramme, office.leader, programme_id=suspended["id"])

    told = universe.welfare.events_of(suspended["id"])
    assert names(told)[1:] == ["programme_opened", "programme_suspended", "programme_opened"]
    assert resumed["state"] == "open"


def test_the_opinion_is_shown_and_an_objection_does_not_decide(universe: Universe, office: Office) -> None:
    submitted = office.programme("audit_review")
    asked = {"programme_id": submitted["id"]}
    reviewed = universe.welfare.do(contract.RecordOpinion, office.audit, opinion="objected", **asked)

    approved = universe.welfare.do(contract.ApproveProgramme, office.leader, resolution_ref="2023-4", **asked)

    assert (reviewed["opinion"], approved["state"], approved["resolution_ref"]) == ("objected", "approved", "2023-4")


@pytest.mark.parametrize(
    ("state", "request_class", "fields", "of"),
    [
        ("audit_review", contract.RecordOpinion, {"opinion": "supported"}, "maker"),
        ("reviewed", contract.ApproveProgramme, {"resolution_ref": "2023-4"}, "maker"),
        ("reviewed", contract.ApproveProgramme, {"resolution_ref": "2023-4"}, "audit"),
        ("closed", contract.SettleProgramme, {}, "maker"),
        ("closed", contract.SettleProgramme, {}, "leader"),
        ("settled", contract.AuditProgramme, {"resolution_ref": "2023-9"}, "maker"),
        ("settled", contract.AuditProgramme, {"resolution_ref": "2023-9"}, "leader"),
        ("settled", contract.AuditProgramme, {"resolution_ref": "2023-9"}, "finance"),
    ],
)
def test_nobody_checks_what_they_did_themselves_whatever_roles_they_hold(
    universe: Universe, office: Office, state: str, request_class: Any, fields: dict[str, Any], of: str
) -> None:
    programme = office.programme(state)
    (role,) = request_class.operation.roles
    both = an_actor(role, universe.federation)
    same = Actor(getattr(office, of).id, both.grants)

    asked = {"programme_id": programme["id"], **fields}

    assert refusal(universe.welfare, request_class, same, **asked).code == "maker_is_checker"
    assert universe.welfare.do(request_class, both, **asked)["version"] == programme["version"] + 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"form": "service"}, "form_does_not_fit_kind", "form"),
        ({"kind": "health_check"}, "form_does_not_fit_kind", "form"),
        ({"ends_on": "2022-12-31"}, "ends_before_start", "ends_on"),
    ],
)
def test_a_draft_that_does_not_fit_is_refused(
    universe: Universe, office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    fields = programme_fields(universe.federation, **changes)

    refused = refusal(universe.welfare, contract.DraftProgramme, office.maker, **fields)

    assert (refused.code, refused.field) == (code, field)


def test_a_programme_of_one_day_is_one(universe: Universe, office: Office) -> None:
    assert office.programme("draft", ends_on="2023-01-01")["ends_on"] == "2023-01-01"


def test_a_union_that_waits_for_approval_drafts_nothing(universe: Universe, office: Office) -> None:
    waiting = universe.founded()
    universe.tell()

    refused = refusal(universe.welfare, contract.DraftProgramme, office.maker, **programme_fields(waiting["id"]))

    assert (refused.code, refused.field) == ("union_not_approved", "union_id")


def test_a_union_that_this_service_has_not_heard_of_drafts_nothing_yet(universe: Universe) -> None:
    stranger = uuid4()

    refused = refusal(
        universe.welfare, contract.DraftProgramme, an_actor(Role.ZONE_OFFICER, stranger), **programme_fields(stranger)
    )

    assert (refused.code, refused.field) == ("not_yet_known", "union_id")


def test_a_step_out_of_turn_is_refused_and_changes_nothing(universe: Universe, office: Office) -> None:
    draft = office.programme("draft")

    refused = refusal(universe.welfare, contract.OpenProgramme, office.maker, programme_id=draft["id"])

    assert refused.code == "illegal_transition"
    assert office.read(draft) == draft


def test_programmes_are_found_by_union_kind_year_and_state(universe: Universe, office: Office) -> None:
    relief, check = office.programme("open"), office.programme("draft", kind="health_check", form="service", year=2024)

    def found(**filters: Any) -> set[str]:
        asked = {"union": universe.federation, **filters}
        listed = universe.welfare.do(contract.ListProgrammes, an_actor(Role.WORKER), **asked)
        return {one["id"] for one in listed["items"]}

    assert found() == {relief["id"], check["id"]}
    assert found(kind="health_check") == {check["id"]}
    assert found(year=2023) == {relief["id"]}
    assert found(state="open") == {relief["id"]}
    assert found(union=universe.home.id) == set()


def test_programmes_are_listed_newest_first_and_page_by_page(universe: Universe, office: Office) -> None:
    drafts = [office.programme("draft")["id"] for _ in range(3)]
    asked = {"union": universe.federation, "limit": 2}

    first = universe.welfare.do(contract.ListProgrammes, office.maker, **asked)
    rest = universe.welfare.do(contract.ListProgrammes, office.maker, cursor=first["next"], **asked)

    assert [one["id"] for one in (*first["items"], *rest["items"])] == drafts[::-1]
    assert rest["next"] is None


def test_a_programme_that_nobody_drafted_is_not_found(universe: Universe, office: Office) -> None:
    assert refusal(universe.welfare, contract.GetProgramme, office.maker, programme_id=uuid4()).code == "not_found"


def test_an_event_never_tells_who_decided_or_what_was_typed_about_it(universe: Universe, office: Office) -> None:
    audited = office.programme("audited")

    told = [str(event.data) for event in universe.welfare.events_of(audited["id"])]

    assert not any("2023-4" in one or "2023-9" in one or str(office.leader.id) in one for one in told)
