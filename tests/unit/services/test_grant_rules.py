"""The ways of lists and benefits, and what a list's hash is made of."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations, product
from typing import Any
from uuid import UUID

import pytest

from chassis.errors import Refused
from chassis.states import step
from contracts.welfare.grants import Ineligibility
from services.welfare.batches.rules import BATCH, Line, ListFacts, list_hash
from services.welfare.grants.rules import BENEFIT, Facts, proves_receipt

TODAY = date(2023, 6, 1)
ACTOR, MAKER = UUID(int=1), UUID(int=2)

#: Every step of a list: state, command, next state, what is told.
LIST_STEPS = [
    ("building", "add_lines", "building", ()),
    ("building", "freeze", "frozen", ("benefit_batch_frozen",)),
    ("building", "cancel", "cancelled", ()),
    ("frozen", "approve", "approved", ()),
    ("frozen", "cancel", "cancelled", ()),
    ("approved", "issue", "issuing", ()),
    ("approved", "cancel", "cancelled", ()),
    ("issuing", "record_receipts", "complete", ()),
    ("issuing", "return", "complete", ()),
    ("complete", "record_receipts", "complete", ()),
]
#: Every step of a benefit.
STEPS = [
    ("proposed", "freeze", "eligible", ()),
    ("proposed", "cancel", "cancelled", ()),
    ("eligible", "approve", "approved", ()),
    ("eligible", "cancel", "cancelled", ()),
    ("approved", "issue", "issued", ("benefit_issued",)),
    ("approved", "cancel", "cancelled", ()),
    ("issued", "receipt", "receipted", ("benefit_receipted",)),
    ("issued", "return", "returned", ("benefit_returned",)),
    ("receipted", "ask_reversal", "receipted", ()),
    ("receipted", "withdraw_reversal", "receipted", ()),
    ("receipted", "reverse", "reversed", ("benefit_reversed",)),
]
BOTH = [(BATCH, "list", LIST_STEPS), (BENEFIT, "benefit", STEPS)]


def list_facts(**changes: Any) -> ListFacts:
    made = {command: frozenset([MAKER]) for command in ("start", "add_lines", "freeze")}
    usual = {"size": 2, "eligible": 1, "amount_fen": 100, "left_fen": 100, "list_hash": "f", "seen_hash": "f"}
    return ListFacts(**({"actor_id": ACTOR, "steps": made} | usual | changes))


def facts(**changes: Any) -> Facts:
    usual = {"actor_id": ACTOR, "today": TODAY, "issued_by": MAKER, "issued_on": TODAY, "received_on": TODAY}
    return Facts(**(usual | {"reversal_asked_by": UUID(int=3)} | changes))


def code_of(call: Any, *asked: Any) -> str | None:
    try:
        call(*asked)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("machine", "given", "row"), [(machine, which, row) for machine, which, rows in BOTH for row in rows]
)
def test_each_step_leads_where_the_domain_says(machine: Any, given: str, row: tuple[Any, ...]) -> None:
    state, command, target, events = row
    taken = step(machine, state, command, list_facts() if given == "list" else facts())

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(("machine", "given", "rows"), BOTH)
def test_no_other_step_is_possible(machine: Any, given: str, rows: list[tuple[str, str, str, Any]]) -> None:
    possible = {(state, command) for state, command, _, _ in rows}
    commands = {command for _, command in possible}

    for state, command in set(product(machine.states, commands)) - possible:
        asked = list_facts() if given == "list" else facts()
        assert code_of(step, machine, state, command, asked) == "illegal_transition"


@pytest.mark.parametrize("command", ["record_receipts", "return"])
def test_a_list_is_complete_only_when_nothing_of_it_waits(command: str) -> None:
    assert step(BATCH, "issuing", command, list_facts(waiting=1)).target == "issuing"


@pytest.mark.parametrize(
    ("state", "command", "changes", "code"),
    [
        ("building", "add_lines", {"size": 20_000}, None),
        ("building", "add_lines", {"size": 20_001}, "batch_full"),
        ("building", "freeze", {"size": 0}, "batch_empty"),
        ("building", "freeze", {"programme_is_open": False}, "programme_not_open"),
        ("frozen", "approve", {"actor_id": MAKER}, "maker_is_checker"),
        ("frozen", "approve", {"seen_hash": "e"}, "stale_list"),
        ("frozen", "approve", {"eligible": 0}, "nobody_eligible"),
        ("frozen", "approve", {"left_fen": 99}, "budget_exceeded"),
        ("frozen", "approve", {"programme_is_open": False}, "programme_not_open"),
        ("approved", "issue", {"programme_is_open": False}, "programme_not_open"),
        ("approved", "issue", {"actor_id": MAKER}, None),
        ("building", "cancel", {"programme_is_open": False}, None),
    ],
)
def test_a_lists_guard_refuses_with_its_own_code(
    state: str, command: str, changes: dict[str, Any], code: str | None
) -> None:
    assert code_of(step, BATCH, state, command, list_facts(**changes)) == code


@pytest.mark.parametrize(
    ("state", "command", "changes", "code"),
    [
        ("issued", "receipt", {"received_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ("issued", "receipt", {"received_on": TODAY - timedelta(days=1)}, "received_before_issue"),
        ("issued", "return", {"actor_id": MAKER}, None),
        ("receipted", "ask_reversal", {"actor_id": MAKER}, "maker_is_checker"),
        ("receipted", "ask_reversal", {"is_settled": True}, "programme_settled"),
        ("receipted", "withdraw_reversal", {"reversal_asked_by": None}, "reversal_not_asked"),
        ("receipted", "withdraw_reversal", {"reversal_asked_by": ACTOR}, None),
        ("receipted", "reverse", {"is_settled": True}, "programme_settled"),
        ("receipted", "reverse", {"actor_id": MAKER}, "maker_is_checker"),
        ("receipted", "reverse", {"reversal_asked_by": ACTOR}, "maker_is_checker"),
        ("receipted", "reverse", {"reversal_asked_by": None}, "reversal_not_asked"),
    ],
)
def test_a_benefits_guard_refuses_with_its_own_code(
    state: str, command: str, changes: dict[str, Any], code: str | None
) -> None:
    assert code_of(step, BENEFIT, state, command, facts(**changes)) == code


def test_who_is_not_eligible_goes_no_further() -> None:
    taken = step(BENEFIT, "proposed", "freeze", facts(ineligible_because=Ineligibility.OUTSIDE_UNION))

    assert (taken.target, BENEFIT.is_final(taken.target)) == ("ineligible", True)


@pytest.mark.parametrize(
    ("kind", "ref", "is_own", "field"),
    [
        ("qr", None, True, None),
        ("signature", "7", True, "receipt_kind"),
        ("photo", "7", True, "receipt_kind"),
        ("qr", "7", False, "receipt_kind"),
        ("signature", "7", False, None),
        ("photo", "7", False, None),
        ("signature", None, False, "receipt_ref"),
    ],
)
def test_a_receipt_is_proven_by_a_code_of_ones_own_or_by_paper(
    kind: str, ref: str | None, is_own: bool, field: str | None
) -> None:
    refusal = proves_receipt(kind, ref, is_own)

    assert (refusal.field if refusal else None) == field


A = Line(UUID(int=6), "a" * 64, "Rice", 1, 10_000)
B = Line(UUID(int=7), "b" * 64, None, 2, 500)
OUTCOMES = {A.id: None, B.id: Ineligibility.NOT_A_MEMBER}


def test_the_hash_of_a_list_is_what_the_docs_say_in_whatever_order_the_lines_come() -> None:
    text = f"{'a' * 64}\tRice\t1\t10000\teligible\n{'b' * 64}\t\t2\t500\tnot_a_member"
    expected = hashlib.sha256(text.encode()).hexdigest()

    assert {list_hash(lines, OUTCOMES) for lines in permutations((A, B))} == {expected}


@pytest.mark.parametrize("field", ["subject_key", "item", "qty", "amount_fen", "outcome"])
def test_no_change_of_any_line_keeps_the_hash(field: str) -> None:
    other: dict[str, Any] = {"subject_key": "c" * 64, "item": "Oil", "qty": 3, "amount_fen": 501}
    changed = B if field == "outcome" else replace(B, **{field: other[field]})
    outcomes = {**OUTCOMES, B.id: None} if field == "outcome" else OUTCOMES

    assert list_hash([A, changed], outcomes) != list_hash([A, B], OUTCOMES)
