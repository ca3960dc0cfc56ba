"""The ways of a list and of each benefit on it, and what a list's hash is made of; nothing here reads or writes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.welfare.grants import LONGEST_BATCH, Ineligibility, ReceiptKind
from contracts.welfare.grants import BatchState as List
from contracts.welfare.grants import GrantState as State
from kernel.law import Refusal
from kernel.money import Fen, format_yuan
from kernel.states import Machine, Transition, from_each
from services.welfare.duties.rules import Takers, took_any

#: States in which a benefit is given or still can be: nobody has two such in one programme.
LIVE = (State.ELIGIBLE, State.APPROVED, State.ISSUED, State.RECEIPTED)
#: States of a benefit that its person sees: something about it was decided.
DECIDED = (State.INELIGIBLE, State.APPROVED, State.ISSUED, State.RECEIPTED, State.RETURNED, State.REVERSED)


@dataclass(frozen=True, slots=True)
class Line:
    """What one person on a list is to get."""

    id: UUID
    subject_key: str
    item: str | None
    qty: int
    amount_fen: Fen


def list_hash(lines: Iterable[Line], outcomes: Mapping[UUID, Ineligibility | None]) -> str:
    """SHA-256 over the lines of a frozen list, sorted by subject key, one a line, in UTF-8.

    Tabs part subject key, item (empty if none), quantity, amount in fen, and `eligible` or why not.
    """
    rows = sorted(
        "\t".join((line.subject_key, line.item or "", str(line.qty), str(line.amount_fen), _outcome(outcomes[line.id])))
        for line in lines
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _outcome(reason: Ineligibility | None) -> str:
    return State.ELIGIBLE if reason is None else reason


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What the guards of a list decide on; what a command does not need keeps its default."""

    actor_id: UUID
    #: Accounts that took each step of the list before.
    steps: Takers
    size: int
    programme_is_open: bool = True
    eligible: int = 0
    amount_fen: Fen = 0
    #: What the programme's budget has left.
    left_fen: Fen = 0
    list_hash: str | None = None
    #: Hash of the list that the approver looked at.
    seen_hash: str | None = None
    #: Benefits that wait for a receipt after the step.
    waiting: int = 0


def fits(facts: ListFacts) -> Refusal | None:
    """No longer than one transaction can freeze and issue."""
    return None if facts.size <= LONGEST_BATCH else Refusal("batch_full", "lines", params={"most": str(LONGEST_BATCH)})


def programme_is_open(facts: ListFacts) -> Refusal | None:
    """The programme is open: not suspended and not closed."""
    return None if facts.programme_is_open else Refusal("programme_not_open")


def may_be_frozen(facts: ListFacts) -> Refusal | None:
    """Of an open programme, with somebody on it."""
    return programme_is_open(facts) or (None if facts.size else Refusal("batch_empty"))


def may_be_approved(facts: ListFacts) -> Refusal | None:
    """By another than who made it, as it was looked at, of an open programme, within the budget."""
    if took_any(facts.actor_id, facts.steps, "start", "add_lines", "freeze"):
        return Refusal("maker_is_checker")
    if facts.seen_hash != facts.list_hash:
        return Refusal("stale_list", "list_hash")
    if not facts.eligible:
        return Refusal("nobody_eligible")
    if facts.amount_fen > facts.left_fen:
        return Refusal(
            "budget_exceeded", params={"left": format_yuan(facts.left_fen), "needed": format_yuan(facts.amount_fen)}
        )
    return programme_is_open(facts)


def nobody_waits(facts: ListFacts) -> Refusal | None:
    """Each benefit was received or came back."""
    return Refusal("grants_open") if facts.waiting else None


#: The life of a list. `return` is taken by one of its benefits.
BATCH = Machine(
    "batch",
    List.BUILDING,
    (
        Transition(List.BUILDING, "add_lines", List.BUILDING, fits),
        Transition(List.BUILDING, "freeze", List.FROZEN, may_be_frozen, "benefit_batch_frozen"),
        Transition(List.FROZEN, "approve", List.APPROVED, may_be_approved),
        Transition(List.APPROVED, "issue", List.ISSUING, programme_is_open),
        *(
            Transition(List.ISSUING, command, *target)
            for command in ("record_receipts", "return")
            for target in ((List.COMPLETE, nobody_waits), (List.ISSUING,))
        ),
        Transition(List.COMPLETE, "record_receipts", List.COMPLETE),
        *from_each((List.BUILDING, List.FROZEN, List.APPROVED), "cancel", List.CANCELLED),
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards of a benefit decide on; what a command does not need keeps its default."""

    actor_id: UUID
    today: date
    ineligible_because: Ineligibility | None = None
    issued_by: UUID | None = None
    issued_on: date | None = None
    received_on: date | None = None
    reversal_asked_by: UUID | None = None


def is_eligible(facts: Facts) -> Refusal | None:
    """The rules admit the person."""
    return None if facts.ineligible_because is None else Refusal("nobody_eligible")


def is_received_in_time(facts: Facts) -> Refusal | None:
    """Received today or before, and not before it was issued."""
    assert facts.received_on is not None
    assert facts.issued_on is not None
    if facts.received_on > facts.today:
        return Refusal("date_in_future", "received_on", params={"today": facts.today.isoformat()})
    return Refusal("received_before_issue", "received_on") if facts.received_on < facts.issued_on else None


def by_another_than_its_issuer(facts: Facts) -> Refusal | None:
    """Not by who gave it out."""
    return Refusal("maker_is_checker") if facts.actor_id == facts.issued_by else None


def may_be_reversed(facts: Facts) -> Refusal | None:
    """Asked for by finance, and done by another than who asked or gave it out."""
    if facts.reversal_asked_by is None:
        return Refusal("reversal_not_asked")
    if facts.actor_id == facts.reversal_asked_by:
        return Refusal("maker_is_checker")
    return by_another_than_its_issuer(facts)


#: The life of a benefit; it goes with its list until it is issued, and then by itself.
BENEFIT = Machine(
    "benefit",
    State.PROPOSED,
    (
        Transition(State.PROPOSED, "freeze", State.ELIGIBLE, is_eligible),
        Transition(State.PROPOSED, "freeze", State.INELIGIBLE),
        Transition(State.ELIGIBLE, "approve", State.APPROVED),
        Transition(State.APPROVED, "issue", State.ISSUED, event="benefit_issued"),
        Transition(State.ISSUED, "receipt", State.RECEIPTED, is_received_in_time, "benefit_receipted"),
        Transition(State.ISSUED, "return", State.RETURNED, event="benefit_returned"),
        Transition(State.RECEIPTED, "ask_reversal", State.RECEIPTED, by_another_than_its_issuer),
        Transition(State.RECEIPTED, "reverse", State.REVERSED, may_be_reversed, "benefit_reversed"),
        *from_each((State.PROPOSED, State.ELIGIBLE, State.APPROVED), "cancel", State.CANCELLED),
    ),
)


def proves_receipt(kind: str, ref: str | None, is_own: bool) -> Refusal | None:
    """Members acknowledge by code themselves; an officer records a signature or photo and where it is kept."""
    if is_own:
        return None if kind == ReceiptKind.QR else Refusal("receipt_not_proven", "receipt_kind")
    if kind == ReceiptKind.QR:
        return Refusal("receipt_not_proven", "receipt_kind")
    return None if ref else Refusal("receipt_not_proven", "receipt_ref")
