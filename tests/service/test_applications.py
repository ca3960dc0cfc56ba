"""Applications to join: brought in with consent, decided by somebody else, and one membership for each person."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Refused
from contracts.membership import applications as contract
from contracts.membership import register
from contracts.membership.posts import EndPost
from contracts.roles import Role
from kernel.codes.sex import Sex
from services.membership.vault import Vault
from tests.service.harness import LONG_AGO, Universe, an_actor, tomorrow
from tests.service.members import application_fields, applied, approved, member, person_fields, resident_id
from tests.service.offices import STARTED, started


def refusal(universe: Universe, request: Any, actor: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        universe.membership.do(request, actor, **fields)
    return caught.value


def refused(universe: Universe, **changes: Any) -> Refused:
    """How an application to the union at home is refused."""
    fields = application_fields(universe.home.id, **changes)
    return refusal(universe, contract.SubmitApplication, universe.home.officer, **fields)


def faults(universe: Universe, **person: Any) -> list[tuple[str, str]]:
    found = refused(universe, person=person)
    assert found.code == "invalid_request"
    return [(fault["field"], fault["code"]) for fault in found.errors]


def test_an_application_comes_in_masked_and_waits_for_its_decision(universe: Universe) -> None:
    number = resident_id()
    view = applied(universe, person={"document_no": number}, employment={"worker_category": "13"})

    assert (view["name"], view["document_no"]) == ("林*满", f"330199{'*' * 11}{number[-1]}")
    assert (view["state"], view["worker_category"], view["membership_id"]) == ("submitted", "13", None)
    assert view["_actions"] == ["approve", "reject", "withdraw"]
    assert universe.membership.events_of(view["id"]) == []


def test_an_approved_applicant_is_a_member_from_the_day_of_the_decision_and_all_of_it_is_told(
    universe: Universe,
) -> None:
    number = resident_id(Sex.MALE)
    person = {"document_no": number, "household_region": "510824"}
    work = {"worker_category": "14", "is_industrial_worker": True, "skill_level": "3", "started_on": "2020-02-01"}
    application = applied(universe, person=person, employment=work, channel="qr", member_no="M-1")
    decided_on = LONG_AGO + timedelta(days=3)

    asked = {"application_id": application["id"], "decided_on": decided_on}
    decided = universe.membership.do(contract.ApproveApplication, universe.home.chair, **asked)

    [joined] = universe.membership.events_of(decided["membership_id"])
    assert (decided["state"], decided["decided_on"]) == ("approved", "2022-06-04")
    assert (joined.type, joined.org_id) == ("cn.unionhall.membership.member_joined.v1", universe.home.id)
    assert dict(joined.data) == {
        "membership_id": decided["membership_id"],
        "subject_key": application["subject_key"],
        "union_id": universe.home.id,
        "employer_id": None,
        "state": "active",
        "worker_category": "14",
        "is_industrial_worker": True,
        "out_of_province": True,
        "sex": "1",
        "skill_level": "3",
        "employed_since": "2020-02-01",
        "joined_on": "2022-06-04",
        "effective_on": "2022-06-04",
        "channel": "qr",
    }


@pytest.mark.parametrize(("household", "out"), [("510824", True), ("330110", False), ("339999", False), (None, False)])
def test_a_household_that_nobody_stated_is_not_counted_as_out_of_province(
    universe: Universe, household: str | None, out: bool
) -> None:
    assert member(universe, person={"household_region": household})["out_of_province"] is out


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("330110200203070018", "resident_id_check_digit"),
        ("33011020020307001", "resident_id_length"),
        ("33011020020307001A", "resident_id_characters"),
        ("330110020307001", "resident_id_fifteen_digits"),
        ("330110199002300011", "resident_id_birth_date"),
        ("330110209903070010", "resident_id_birth_in_future"),
        ("330113202203070017", "resident_id_age"),
    ],
)
def test_a_resident_id_that_cannot_be_right_is_named_by_its_field_and_never_shown(
    universe: Universe, number: str, code: str
) -> None:
    found = refused(universe, person={"document_no": number})

    assert found.errors == ({"field": "person.document_no", "code": code},)
    assert number not in str(found.to_wire())


def test_sex_and_birth_date_must_agree_with_the_number(universe: Universe) -> None:
    born = date(1985, 12, 31)
    assert faults(universe, document_no=resident_id(Sex.FEMALE), sex="1") == [("person.document_no", "resident_id_sex")]
    assert faults(universe, document_no=resident_id(born=born), birth_date="1985-12-30") == [
        ("person.birth_date", "birth_date_differs")
    ]


def test_sex_and_birth_year_come_from_the_number_where_nobody_states_them(universe: Universe) -> None:
    view = member(universe, person={"document_no": resident_id(Sex.MALE, date(1988, 2, 29)), "sex": "9"})

    assert (view["sex"], view["birth_year"]) == ("1", 1988)


def test_every_fault_is_named_at_once(universe: Universe) -> None:
    assert faults(universe, document_no="1", mobile="123") == [
        ("person.document_no", "resident_id_length"),
        ("person.mobile", "mobile_format"),
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"birth_date": None}, ("person.birth_date", "required")),
        ({"birth_date": "2010-01-01"}, ("person.birth_date", "member_age")),
        ({"birth_date": "2090-01-01"}, ("person.birth_date", "member_age")),
        ({"document_no": "护照"}, ("person.document_no", "document_form")),
    ],
)
def test_without_a_resident_id_the_birth_date_is_needed_and_must_fit_a_member(
    universe: Universe, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    passport = {"document_kind": "passport", "document_no": "E12345678", "birth_date": "1980-05-06"}

    assert faults(universe, **(passport | changes)) == [fault]


def test_a_member_may_be_known_by_a_passport(universe: Universe) -> None:
    number = f"E{uuid4().int % 10**8:08}"
    passport = {"document_kind": "passport", "document_no": number, "birth_date": "1980-05-06", "mobile": None}
    view = member(universe, person=passport)

    assert (view["document_kind"], view["birth_year"], view["sex"]) == ("passport", 1980, "9")
    assert (view["document_no"], view["mobile"]) == ("*" * 8 + number[-1], None)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"applied_on": tomorrow()}, "date_in_future", "applied_on"),
        ({"consent_version": "members-1999"}, "consent_missing", "consent_version"),
        ({"applied_on": date(2024, 2, 1)}, "consent_missing", "consent_version"),
        ({"employment": {"started_on": tomorrow().isoformat()}}, "date_in_future", "employment.started_on"),
        ({"employment": {"employment_state": "4"}}, "retired_cannot_join", "employment.employment_state"),
        ({"employment": {"employment_state": "5"}}, "retired_cannot_join", "employment.employment_state"),
        ({"employment": {"employer_id": str(uuid4())}}, "unknown_enterprise", "employment.employer_id"),
    ],
)
def test_an_application_is_refused_by_the_rule_that_it_breaks(
    universe: Universe, changes: dict[str, Any], code: str, field: str
) -> None:
    if "applied_on" in changes:
        changes = {**changes, "applied_on": changes["applied_on"].isoformat()}
    found = refused(universe, **changes)

    assert (found.code, found.field) == (code, field)


def test_nobody_says_of_an_application_that_an_import_brought_it_in(universe: Universe) -> None:
    assert [fault["field"] for fault in refused(universe, channel="import").errors] == ["channel"]


def test_a_union_that_waits_for_approval_takes_no_applications(universe: Universe) -> None:
    waiting = universe.founded()["id"]
    fields = application_fields(waiting)

    found = refusal(universe, contract.SubmitApplication, universe.zone_officer, **fields)

    assert (found.code, found.field) == ("union_not_approved", "union_id")


def test_who_brought_an_application_in_does_not_decide_on_it(universe: Universe) -> None:
    fields = application_fields(universe.home.id)
    application = universe.membership.do(contract.SubmitApplication, universe.zone_officer, **fields)
    asked = {"application_id": application["id"], "decided_on": LONG_AGO}

    for request, more in ((contract.ApproveApplication, {}), (contract.RejectApplication, {"reason": _REASON})):
        found = refusal(universe, request, universe.zone_officer, **asked, **more)
        assert found.code == "maker_is_checker"


_REASON = "documents_do_not_agree"


def test_the_zone_decides_only_where_a_union_has_no_chair(universe: Universe) -> None:
    post = started(universe, member(universe), post="chair")
    first, second = ({"application_id": applied(universe)["id"], "decided_on": LONG_AGO} for _ in range(2))

    for request, more in ((contract.ApproveApplication, {}), (contract.RejectApplication, {"reason": _REASON})):
        assert refusal(universe, request, universe.zone_officer, **first, **more).code == "union_has_a_chair"

    assert universe.membership.do(contract.ApproveApplication, universe.home.chair, **first)["state"] == "approved"
    ending = {"post_id": post["id"], "ended_on": STARTED, "reason": "resigned"}
    universe.membership.do(EndPost, universe.zone_officer, **ending)
    assert universe.membership.do(contract.ApproveApplication, universe.zone_officer, **second)["state"] == "approved"


def test_a_chair_above_decides_beside_a_unions_own(universe: Universe) -> None:
    started(universe, member(universe), post="chair")
    asked = {"application_id": applied(universe)["id"], "decided_on": LONG_AGO}
    above, beside = an_actor(Role.CHAIR, universe.federation), universe.other.chair

    assert refusal(universe, contract.ApproveApplication, beside, **asked).code == "outside_scope"
    assert universe.membership.do(contract.ApproveApplication, above, **asked)["state"] == "approved"


def test_the_zone_decides_where_a_union_has_a_vice_chair_only(universe: Universe) -> None:
    started(universe, member(universe), post="vice_chair")
    asked = {"application_id": applied(universe)["id"], "decided_on": LONG_AGO}

    assert universe.membership.do(contract.ApproveApplication, universe.zone_officer, **asked)["state"] == "approved"


def test_for_a_federation_the_zone_decides_whoever_chairs_it(universe: Universe) -> None:
    started(universe, member(universe), universe.federation, post="chair")
    fields = application_fields(universe.federation)
    importer = an_actor(Role.IMPORTER, universe.federation)
    application = universe.membership.do(contract.SubmitApplication, importer, **fields)

    asked = {"application_id": application["id"], "decided_on": LONG_AGO}
    assert universe.membership.do(contract.ApproveApplication, universe.zone_officer, **asked)["state"] == "approved"


@pytest.mark.parametrize(
    ("day", "code"), [(LONG_AGO - timedelta(days=1), "decided_before_applied"), (tomorrow(), "date_in_future")]
)
def test_a_decision_lies_between_the_application_and_today(universe: Universe, day: date, code: str) -> None:
    asked = {"application_id": applied(universe)["id"], "decided_on": day}

    found = refusal(universe, contract.ApproveApplication, universe.home.chair, **asked)

    assert (found.code, found.field) == (code, "decided_on")


def test_a_person_with_an_open_application_brings_in_no_other_one_anywhere(universe: Universe) -> None:
    number = resident_id()
    applied(universe, person={"document_no": number})

    fields = application_fields(universe.other.id, person={"document_no": number.lower()})
    found = refusal(universe, contract.SubmitApplication, universe.other.officer, **fields)

    assert found.code == "application_pending"


def test_a_member_of_one_union_cannot_join_another_and_nothing_of_the_membership_is_told(universe: Universe) -> None:
    person = person_fields()
    view = member(universe, person=person)

    fields = application_fields(universe.other.id, person=person)
    found = refusal(universe, contract.SubmitApplication, universe.other.officer, **fields)

    assert found.to_wire() == Refused("already_a_member").to_wire()
    assert view["union_id"] not in str(found.to_wire())


def test_a_retained_member_cannot_join_again(universe: Universe) -> None:
    person = person_fields()
    asked = {"membership_id": member(universe, person=person)["id"], "reason": "3", "effective_on": LONG_AGO}
    universe.membership.do(register.RetainMember, universe.home.chair, **asked)

    assert refused(universe, person=person).code == "already_a_member"


@pytest.mark.parametrize(
    ("request_class", "fields"),
    [(contract.WithdrawApplication, {}), (contract.RejectApplication, {"decided_on": "2022-06-01", "reason": _REASON})],
)
def test_a_person_who_was_not_taken_applies_again_under_the_same_key(
    universe: Universe, request_class: Any, fields: dict[str, Any]
) -> None:
    number = resident_id()
    first = applied(universe, person={"document_no": number})
    actor = universe.home.officer if request_class is contract.WithdrawApplication else universe.home.chair
    ended = universe.membership.do(request_class, actor, application_id=first["id"], **fields)

    again = applied(
        universe,
        universe.other,
        person={"document_no": number, "name": "林大满", "mobile": None, "household_region": "510824"},
        employment={"worker_category": "11"},
    )

    assert ended["state"] in {"withdrawn", "rejected"}
    assert ended["_actions"] == []
    assert again["subject_key"] == first["subject_key"]
    view = approved(universe, again, universe.other)
    seen = universe.membership.do(register.GetMember, universe.other.chair, membership_id=view["membership_id"])
    assert (seen["name"], seen["mobile"], seen["worker_category"]) == ("林*满", None, "11")
    assert seen["out_of_province"]


def test_the_list_holds_what_lies_below_the_actors_own_unions_newest_first(universe: Universe) -> None:
    first, second = applied(universe), applied(universe)
    elsewhere = applied(universe, universe.other)

    mine = universe.membership.do(contract.ListApplications, universe.home.chair)
    all_of_them = universe.membership.do(contract.ListApplications, universe.zone_officer)
    foreign = universe.membership.do(contract.ListApplications, universe.home.chair, union=universe.other.id)

    assert [item["id"] for item in mine["items"]] == [second["id"], first["id"]]
    assert [item["id"] for item in all_of_them["items"]] == [elsewhere["id"], second["id"], first["id"]]
    assert foreign["items"] == []


def test_pages_neither_skip_nor_repeat_and_keep_their_filter(universe: Universe) -> None:
    brought = [applied(universe) for _ in range(3)]
    approved(universe, brought[1])
    asked = {"state": "submitted", "limit": 1}

    page = universe.membership.do(contract.ListApplications, universe.home.chair, **asked)
    rest = universe.membership.do(contract.ListApplications, universe.home.chair, cursor=page["next"], **asked)

    assert [item["id"] for item in page["items"] + rest["items"]] == [brought[2]["id"], brought[0]["id"]]
    assert rest["next"] is None


def test_an_application_to_anothers_union_is_not_found(universe: Universe) -> None:
    asked = {"application_id": applied(universe)["id"]}

    assert refusal(universe, contract.GetApplication, universe.other.chair, **asked).code == "not_found"
    assert universe.membership.do(contract.GetApplication, universe.zone_officer, **asked)["id"] == str(
        asked["application_id"]
    )


def test_a_person_whose_keys_are_gone_shows_masks_of_nothing_and_does_not_apply_again(
    universe: Universe, vault: Vault
) -> None:
    number = resident_id()
    application = applied(universe, person={"document_no": number})
    universe.membership.do(contract.WithdrawApplication, universe.home.officer, application_id=application["id"])
    with universe.membership.database.reader.connect() as connection:
        key_id = connection.exec_driver_sql(
            "SELECT key_id FROM person WHERE subject_key = %s", (application["subject_key"],)
        ).scalar_one()
    vault.keystore.destroy([key_id])

    [shown] = universe.membership.do(contract.ListApplications, universe.home.chair)["items"]

    assert (shown["name"], shown["document_no"]) == ("*", "")
    assert refused(universe, person={"document_no": number}).code == "being_erased"


def test_the_importer_brings_in_past_applications(universe: Universe) -> None:
    importer = an_actor(Role.IMPORTER, universe.federation)
    fields = application_fields(universe.home.id, applied_on="2021-12-01", channel="paper")

    assert universe.membership.do(contract.SubmitApplication, importer, **fields)["applied_on"] == "2021-12-01"
