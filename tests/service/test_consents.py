"""Consents: one for each purpose, given to a text that was in use, and withdrawn as easily as given."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.actor import Actor
from chassis.errors import Refused
from contracts.membership import consents as contract
from contracts.membership import register
from contracts.roles import Role
from tests.service.consents import TODAYS, consent_fields, consented
from tests.service.harness import LONG_AGO, Universe, an_actor, tomorrow
from tests.service.members import WITHDRAWN, changed, member
from tests.service.together import at_once


def oneself(view: dict[str, Any], role: Role = Role.MEMBER) -> Actor:
    return replace(an_actor(role, view["union_id"]), subject_key=view["subject_key"])


def refusal(universe: Universe, request: Any, actor: Actor, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        universe.membership.do(request, actor, **fields)
    return caught.value


def test_a_consent_on_paper_is_told_without_its_text_and_shown_to_its_person(universe: Universe) -> None:
    view = member(universe)
    consent = consented(universe, view)

    [told] = universe.membership.events_of(consent["id"])
    assert told.type == "cn.unionhall.membership.consent_granted.v1"
    assert dict(told.data) == {
        "consent_id": consent["id"],
        "subject_key": view["subject_key"],
        "purpose_code": "publication",
        "state": "granted",
        "effective_at": LONG_AGO.isoformat(),
    }
    own = universe.membership.do(contract.ListMyConsents, oneself(view))
    assert own["items"] == [consent]


def test_a_member_gives_and_withdraws_consent_alone(universe: Universe) -> None:
    view = member(universe)
    me = oneself(view)
    consent = universe.membership.do(contract.GiveConsent, me, purpose="health_check", text_version=TODAYS)
    withdrawn = universe.membership.do(contract.WithdrawConsent, me, consent_id=consent["id"])

    assert (consent["channel"], consent["state"], consent["_actions"]) == ("web", "granted", ["withdraw"])
    assert (withdrawn["state"], withdrawn["_actions"]) == ("withdrawn", [])
    *_, told = universe.membership.events_of(consent["id"])
    assert (told.type, told.data["state"]) == ("cn.unionhall.membership.consent_withdrawn.v1", "withdrawn")
    assert told.data["effective_at"] == withdrawn["withdrawn_on"]


def test_whoever_has_left_withdraws_consent_and_gives_none(universe: Universe) -> None:
    view = member(universe)
    consent = consented(universe, view)
    changed(universe, register.DeclareWithdrawal, view, **WITHDRAWN)
    asked = {"purpose": "recuperation", "text_version": TODAYS}

    given = refusal(universe, contract.GiveConsent, oneself(view), **asked)
    withdrawn = universe.membership.do(contract.WithdrawConsent, oneself(view, Role.WORKER), consent_id=consent["id"])

    assert (given.code, withdrawn["state"]) == ("not_a_member", "withdrawn")


def test_nobody_withdraws_or_reads_the_consent_of_another(universe: Universe) -> None:
    consent, another = consented(universe, member(universe)), member(universe)
    asked = {"consent_id": consent["id"]}

    assert refusal(universe, contract.WithdrawConsent, oneself(another), **asked).code == "not_found"
    assert universe.membership.do(contract.ListMyConsents, oneself(another))["items"] == []
    assert universe.membership.do(contract.ListMyConsents, an_actor(Role.WORKER))["items"] == []


def test_the_same_is_agreed_to_once_and_anew_after_it_was_withdrawn(universe: Universe) -> None:
    view = member(universe)
    consent = consented(universe, view)
    twice = refusal(universe, contract.RecordConsent, universe.home.officer, **consent_fields(view))
    asked = {"consent_id": consent["id"], "withdrawn_on": LONG_AGO}
    universe.membership.do(contract.RecordWithdrawal, universe.home.officer, **asked)
    again = consented(universe, view)

    assert twice.code == "already_granted"
    assert again["id"] != consent["id"]
    page = universe.membership.do(contract.ListConsents, universe.home.officer, subject_key=view["subject_key"])
    assert [item["state"] for item in page["items"]] == ["granted", "withdrawn"]


def test_each_recipient_needs_a_consent_of_its_own(universe: Universe) -> None:
    view = member(universe)
    for recipient in ("City health office", "County labour bureau"):
        consented(universe, view, purpose="sharing", recipient=recipient)

    asked = {"subject_key": view["subject_key"], "purpose": "sharing"}
    page = universe.membership.do(contract.ListConsents, universe.home.officer, **asked)
    assert [item["recipient"] for item in page["items"]] == ["County labour bureau", "City health office"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"subject_key": "0" * 64}, "unknown_subject", "subject_key"),
        ({"granted_on": tomorrow()}, "date_in_future", "granted_on"),
        ({"granted_on": LONG_AGO - timedelta(days=365)}, "consent_missing", "text_version"),
        ({"text_version": "unheard-of"}, "consent_missing", "text_version"),
        ({"purpose": "sharing"}, "recipient_missing", "recipient"),
        ({"recipient": "City health office"}, "recipient_needless", "recipient"),
    ],
)
def test_what_makes_no_consent_is_refused(universe: Universe, changes: dict[str, Any], code: str, field: str) -> None:
    asked = consent_fields(member(universe), **changes)
    found = refusal(universe, contract.RecordConsent, universe.home.officer, **asked)

    assert (found.code, found.field) == (code, field)


def test_of_another_unions_member_no_consent_is_recorded_or_read(universe: Universe) -> None:
    consent = consented(universe, view := member(universe))
    officer = universe.other.officer

    assert refusal(universe, contract.RecordConsent, officer, **consent_fields(view)).code == "outside_scope"
    assert refusal(universe, contract.GetConsent, officer, consent_id=consent["id"]).code == "not_found"
    assert universe.membership.do(contract.ListConsents, officer)["items"] == []


@pytest.mark.parametrize(
    ("day", "code"), [(LONG_AGO - timedelta(days=1), "ends_before_start"), (tomorrow(), "date_in_future")]
)
def test_a_withdrawal_lies_between_the_consent_and_today(universe: Universe, day: Any, code: str) -> None:
    consent = consented(universe, member(universe))
    asked = {"consent_id": consent["id"], "withdrawn_on": day}

    assert refusal(universe, contract.RecordWithdrawal, universe.home.officer, **asked).code == code


@pytest.mark.parametrize("_time", range(3))
def test_of_several_who_record_the_same_at_once_one_does(universe: Universe, _time: int) -> None:
    asked = consent_fields(member(universe))

    answers = at_once(
        *(lambda: universe.membership.do(contract.RecordConsent, universe.home.officer, **asked)["state"],) * 4
    )

    assert sorted(answers) == ["already_granted"] * 3 + ["granted"]
