"""What happens to a benefit after it was issued: acknowledged in bulk or by its member, returned, reversed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.actor import Actor
from contracts.roles import Role
from contracts.welfare import batches, programmes
from contracts.welfare import grants as contract
from tests.service.benefits import TODAY, Office, a_member, members, refusal
from tests.service.harness import Universe, an_actor
from tests.service.tidings import a_person
from tests.service.together import await_waiters

BY_CODE = {"received_on": TODAY, "receipt_kind": "qr"}
SIGNED = {"received_on": TODAY, "receipt_kind": "signature", "receipt_ref": "folder 7"}


def names(events: list[Any]) -> list[str]:
    return [event.type.split(".")[3] for event in events]


def read(universe: Universe, office: Office, batch: dict[str, Any]) -> dict[str, Any]:
    return universe.welfare.do(batches.GetBatch, office.maker, batch_id=batch["id"])


def test_receipts_turn_what_was_bound_into_what_is_spent(universe: Universe, office: Office) -> None:
    programme, people = office.programme(), members(universe, 3)
    batch = office.list_of(programme, people, "issuing")

    answer = office.receipts(batch, people[:2])

    received = office.benefits(batch)[people[0]]
    assert (answer["recorded"], answer["already_there"]) == (2, 0)
    assert office.account(programme) == (10_000, 20_000)
    assert (received["state"], received["received_on"], received["receipt_kind"]) == (
        "receipted",
        TODAY.isoformat(),
        "signature",
    )
    assert read(universe, office, batch)["state"] == "issuing"


def test_a_list_of_receipts_sent_again_counts_once(universe: Universe, office: Office) -> None:
    programme, people = office.programme(), members(universe, 2)
    batch = office.list_of(programme, people, "issuing")
    office.receipts(batch, people)

    again = office.receipts(batch, [*people, people[0]])

    assert (again["recorded"], again["already_there"]) == (0, 3)
    assert office.account(programme) == (0, 20_000)
    assert [len(universe.welfare.events_of(one["id"])) for one in office.benefits(batch).values()] == [2, 2]


def test_a_receipt_is_told_with_the_day_on_which_it_was_signed(universe: Universe, office: Office) -> None:
    (one,) = members(universe)
    batch = office.list_of(office.programme(), [one], "issuing")
    universe.welfare.set_business_day(TODAY + timedelta(days=9))

    office.receipts(batch, [one], received_on=TODAY + timedelta(days=2))

    told = universe.welfare.events_of(office.benefits(batch)[one]["id"])
    assert names(told) == ["benefit_issued", "benefit_receipted"]
    assert [event.data["on"] for event in told] == ["2023-06-01", "2023-06-03"]
    assert [event.data["state"] for event in told] == ["issued", "receipted"]
    assert [event.sequence for event in told] == [1, 2]
    assert "folder 7" not in str(told[1].data)


@pytest.mark.parametrize(("days", "code"), [(-1, "received_before_issue"), (0, None), (5, None), (6, "date_in_future")])
def test_nothing_is_received_before_it_was_issued_or_tomorrow(
    universe: Universe, office: Office, days: int, code: str | None
) -> None:
    (one,) = members(universe)
    batch = office.list_of(office.programme(), [one], "issuing")
    universe.welfare.set_business_day(TODAY + timedelta(days=5))
    on = TODAY + timedelta(days=days)

    if code is None:
        assert office.receipts(batch, [one], received_on=on)["recorded"] == 1
        return
    in_bulk = {"batch_id": batch["id"], "subject_keys": [one], "received_on": on, "receipt_ref": "folder 7"}
    alone = {"grant_id": office.benefits(batch)[one]["id"], **BY_CODE, "received_on": on}
    for request, actor, fields in (
        (contract.RecordReceipts, office.maker, in_bulk),
        (contract.ReceiptBenefit, a_member(universe, one), alone),
    ):
        refused = refusal(universe.welfare, request, actor, **fields)
        assert (refused.code, refused.field) == (code, "received_on")


def test_somebody_who_is_not_on_the_issued_list_receives_nothing_and_nobody_else_either(
    universe: Universe, office: Office
) -> None:
    one, retired = *members(universe), *members(universe, state="retained")
    batch = office.list_of(office.programme(), [one, retired], "issuing")

    for stranger in (retired, a_person()):
        asked = {"batch_id": batch["id"], "subject_keys": [one, stranger], "received_on": TODAY, "receipt_ref": "7"}
        refused = refusal(universe.welfare, contract.RecordReceipts, office.maker, **asked)
        assert (refused.code, refused.field) == ("not_on_list", "subject_keys.1")

    assert office.benefits(batch)[one]["state"] == "issued"


@pytest.mark.parametrize("state", ["building", "frozen", "approved"])
def test_only_what_was_issued_is_received(universe: Universe, office: Office, state: str) -> None:
    (one,) = members(universe)
    batch = office.list_of(office.programme(), [one], state)
    in_bulk = {"batch_id": batch["id"], "subject_keys": [one], "received_on": TODAY, "receipt_ref": "7"}
    alone = {"grant_id": office.benefits(batch)[one]["id"], **BY_CODE}

    assert refusal(universe.welfare, contract.RecordReceipts, office.maker, **in_bulk).code == "illegal_transition"
    assert refusal(universe.welfare, contract.ReceiptBenefit, a_member(universe, one), **alone).code == (
        "illegal_transition"
    )


def test_a_member_acknowledges_by_code_what_is_theirs(universe: Universe, office: Office) -> None:
    programme, (one, other) = office.programme(), members(universe, 2)
    batch = office.list_of(programme, [one, other], "issuing")
    benefit = office.benefits(batch)[one]

    stranger = refusal(
        universe.welfare, contract.ReceiptBenefit, a_member(universe, other), grant_id=benefit["id"], **BY_CODE
    )
    unlinked = refusal(universe.welfare, contract.ReceiptBenefit, a_member(universe), grant_id=benefit["id"], **BY_CODE)
    received = office.on_benefit(contract.ReceiptBenefit, a_member(universe, one), benefit, **BY_CODE)

    assert (stranger.code, unlinked.code) == ("outside_scope", "outside_scope")
    assert (received["state"], received["receipt_kind"]) == ("receipted", "qr")
    assert office.account(programme) == (10_000, 10_000)
    assert names(universe.welfare.events_of(benefit["id"])) == ["benefit_issued", "benefit_receipted"]


@pytest.mark.parametrize(
    ("is_own", "fields", "field"),
    [
        (True, {"receipt_kind": "signature", "receipt_ref": "folder 7"}, "receipt_kind"),
        (True, {"receipt_kind": "photo"}, "receipt_kind"),
        (False, {"receipt_kind": "qr", "receipt_ref": "folder 7"}, "receipt_kind"),
        (False, {"receipt_kind": "photo"}, "receipt_ref"),
    ],
)
def test_a_receipt_without_its_proof_is_none(
    universe: Universe, office: Office, is_own: bool, fields: dict[str, Any], field: str
) -> None:
    (one,) = members(universe)
    benefit = office.benefits(office.list_of(office.programme(), [one], "issuing"))[one]
    actor = a_member(universe, one) if is_own else office.maker

    asked = {"grant_id": benefit["id"], "received_on": TODAY, **fields}
    refused = refusal(universe.welfare, contract.ReceiptBenefit, actor, **asked)

    assert (refused.code, refused.field) == ("receipt_not_proven", field)


def test_an_officer_records_a_receipt_of_their_own_union_only(universe: Universe, office: Office) -> None:
    (one,) = members(universe)
    batch = office.list_of(office.programme(), [one], "issuing", union_id=universe.home.id)
    benefit = office.benefits(batch)[one]

    for version in (None, 7):
        asked = {"grant_id": benefit["id"], "expected_version": version, **SIGNED}
        refused = refusal(universe.welfare, contract.ReceiptBenefit, universe.other.officer, **asked)
        assert refused.code == "outside_scope"
    assert office.on_benefit(contract.ReceiptBenefit, universe.home.officer, benefit, **SIGNED)["state"] == "receipted"


def test_a_benefit_is_received_once(universe: Universe, office: Office) -> None:
    programme, (one,) = office.programme(), members(universe)
    benefit = office.benefits(office.list_of(programme, [one], "issuing"))[one]
    office.on_benefit(contract.ReceiptBenefit, a_member(universe, one), benefit, **BY_CODE)

    again = refusal(universe.welfare, contract.ReceiptBenefit, office.maker, grant_id=benefit["id"], **SIGNED)

    assert again.code == "illegal_transition"
    assert office.account(programme) == (0, 10_000)


def test_what_comes_back_is_free_again_and_is_told(universe: Universe, office: Office) -> None:
    programme, (one,) = office.programme(), members(universe)
    batch = office.list_of(programme, [one], "issuing")
    benefit = office.benefits(batch)[one]

    returned = office.on_benefit(contract.ReturnBenefit, office.maker, benefit, reason="declined")

    told = universe.welfare.events_of(benefit["id"])
    assert (returned["state"], returned["_actions"]) == ("returned", [])
    assert (names(told)[-1], told[-1].data["on"]) == ("benefit_returned", TODAY.isoformat())
    assert office.account(programme) == (0, 0)
    assert office.list_of(programme, [one], "frozen")["eligible"] == 1


def test_what_was_received_by_mistake_leaves_the_account_and_is_told(universe: Universe, office: Office) -> None:
    programme, (one,) = office.programme(), members(universe)
    batch = office.list_of(programme, [one], "issuing")
    office.receipts(batch, [one])
    benefit = office.benefits(batch)[one]

    asked = office.on_benefit(contract.AskReversal, office.finance, benefit, reason="wrong_person")
    before = office.account(programme)
    reversed_ = office.on_benefit(contract.ReverseBenefit, office.leader, benefit)

    assert (asked["state"], asked["reversal_reason"], before) == ("receipted", "wrong_person", (0, 10_000))
    assert reversed_["state"] == "reversed"
    assert names(universe.welfare.events_of(benefit["id"]))[-1] == "benefit_reversed"
    assert office.account(programme) == (0, 0)


def test_a_reversal_takes_two_who_did_not_issue_the_benefit(universe: Universe, office: Office) -> None:
    (one,) = members(universe)
    batch = office.list_of(office.programme(), [one], "issuing")
    office.receipts(batch, [one])
    grant = {"grant_id": office.benefits(batch)[one]["id"]}
    leads = an_actor(Role.ZONE_LEADER, universe.federation).grants
    keeps_money = Actor(office.maker.id, an_actor(Role.FINANCE, universe.federation).grants)

    by_issuer = refusal(universe.welfare, contract.AskReversal, keeps_money, **grant, reason="wrong_person")
    unasked = refusal(universe.welfare, contract.ReverseBenefit, office.leader, **grant)
    universe.welfare.do(contract.AskReversal, office.finance, **grant, reason="wrong_person")
    alone = [
        refusal(universe.welfare, contract.ReverseBenefit, Actor(who.id, leads), **grant).code
        for who in (office.finance, office.maker)
    ]

    assert (by_issuer.code, unasked.code, alone) == ("maker_is_checker", "reversal_not_asked", ["maker_is_checker"] * 2)


@pytest.mark.parametrize("steps", [0, 1])
def test_until_the_account_is_settled_what_was_spent_is_taken_out_again(
    universe: Universe, office: Office, steps: int
) -> None:
    programme, benefit = received(universe, office)
    office.end(programme, steps)

    ask_back(office, benefit)
    office.on_benefit(contract.ReverseBenefit, office.leader, benefit)

    assert office.account(programme) == (0, 0)


@pytest.mark.parametrize("steps", [2, 3])
def test_once_the_account_is_settled_what_was_spent_stays(universe: Universe, office: Office, steps: int) -> None:
    programme, benefit = received(universe, office)
    office.end(programme, steps)

    asked = {"grant_id": benefit["id"], "reason": "wrong_person"}
    refused = refusal(universe.welfare, contract.AskReversal, office.finance, **asked)

    assert (refused.code, office.account(programme)) == ("programme_settled", (0, 10_000))


def test_a_reversal_that_is_withdrawn_leaves_everything_as_it_was(universe: Universe, office: Office) -> None:
    programme, benefit = received(universe, office)
    told = names(universe.welfare.events_of(benefit["id"]))
    ask_back(office, benefit)
    office.end(programme, 1)

    withdrawn = office.on_benefit(contract.WithdrawReversal, office.leader, benefit)
    again = refusal(universe.welfare, contract.ReverseBenefit, office.leader, grant_id=benefit["id"])
    settled = universe.welfare.do(programmes.SettleProgramme, office.finance, programme_id=programme["id"])

    assert (withdrawn["state"], withdrawn["reversal_reason"], again.code) == ("receipted", None, "reversal_not_asked")
    assert (settled["state"], settled["spent_fen"]) == ("settled", 10_000)
    assert names(universe.welfare.events_of(benefit["id"])) == told


def test_an_account_is_settled_once_each_reversal_that_was_asked_for_is_done(
    universe: Universe, office: Office
) -> None:
    programme, benefit = received(universe, office)
    ask_back(office, benefit)
    office.end(programme, 1)

    refused = refusal(universe.welfare, programmes.SettleProgramme, office.finance, programme_id=programme["id"])
    office.on_benefit(contract.ReverseBenefit, office.leader, benefit)
    settled = universe.welfare.do(programmes.SettleProgramme, office.finance, programme_id=programme["id"])

    assert (refused.code, settled["state"], settled["spent_fen"]) == ("reversal_open", "settled", 0)


def test_a_reversal_that_is_asked_for_while_the_account_is_being_settled_comes_too_late(
    universe: Universe, office: Office
) -> None:
    programme, benefit = received(universe, office)
    asked = {"grant_id": benefit["id"], "reason": "wrong_person"}

    with ThreadPoolExecutor(1) as others, universe.welfare.database.writer.begin() as settling:
        settling.execute(text("UPDATE programme SET state = 'settled' WHERE id = :id"), {"id": programme["id"]})
        asking = others.submit(refusal, universe.welfare, contract.AskReversal, office.finance, **asked)
        await_waiters(universe.welfare.database)
        settling.commit()
        assert asking.result().code == "programme_settled"


def received(universe: Universe, office: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """An open programme, and what somebody got of it."""
    programme, (one,) = office.programme(), members(universe)
    batch = office.list_of(programme, [one], "issuing")
    office.receipts(batch, [one])
    return programme, office.benefits(batch)[one]


def ask_back(office: Office, benefit: dict[str, Any]) -> None:
    office.on_benefit(contract.AskReversal, office.finance, benefit, reason="wrong_person")


def test_the_last_benefit_that_waits_completes_its_list_however_it_ends(universe: Universe, office: Office) -> None:
    people = members(universe, 3)
    batch = office.list_of(office.programme(), people, "issuing")
    benefits = office.benefits(batch)

    office.receipts(batch, people[:1])
    office.on_benefit(contract.ReceiptBenefit, a_member(universe, people[1]), benefits[people[1]], **BY_CODE)
    waiting = read(universe, office, batch)["state"]
    office.on_benefit(contract.ReturnBenefit, office.maker, benefits[people[2]], reason="moved_away")

    assert (waiting, read(universe, office, batch)["state"]) == ("issuing", "complete")
    assert office.receipts(batch, people[:2])["already_there"] == 2


def test_one_sees_what_was_decided_about_oneself_and_nothing_else(universe: Universe, office: Office) -> None:
    programme, (one, other) = office.programme(), members(universe, 2)
    issued = office.list_of(programme, [one, other], "issuing")
    office.list_of(office.programme(), [one], "frozen")
    office.list_of(programme, [one], "frozen")

    def seen(actor: Actor, **fields: Any) -> list[tuple[str, str]]:
        listed = universe.welfare.do(contract.ListMyBenefits, actor, **fields)
        return [(row["batch_id"], row["state"]) for row in listed["items"]]

    mine = a_member(universe, one)
    assert seen(mine)[1:] == [(issued["id"], "issued")]
    assert [state for _, state in seen(mine)] == ["ineligible", "issued"]
    assert seen(mine, limit=1) == seen(mine)[:1]
    assert seen(a_member(universe)) == []
    assert seen(a_member(universe, a_person())) == []


def test_a_benefit_that_nobody_got_is_not_found(universe: Universe, office: Office) -> None:
    asked = {"grant_id": uuid4(), **SIGNED}

    assert refusal(universe.welfare, contract.ReceiptBenefit, office.maker, **asked).code == "not_found"
