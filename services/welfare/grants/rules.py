"""The way of a benefit, and what proves that it was received; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.welfare.grants import GrantState as State
from contracts.welfare.grants import Ineligibility, ReceiptKind
from kernel.law import Refusal
from kernel.states import Machine, Transition, from_each

#: States in which a benefit is given or still can be: nobody has two such in one programme.
LIVE = (State.ELIGIBLE, State.APPROVED, State.ISSUED, State.RECEIPTED)
#: States of a benefit that its person sees: something about it was decided.
DECIDED = (State.INELIGIBLE, State.APPROVED, State.ISSUED, State.RECEIPTED, State.RETURNED, State.REVERSED)


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
    #: Whether the account of its programme is final.
    is_settled: bool = False


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


def may_be_asked_back(facts: Facts) -> Refusal | None:
    """By another than its issuer, and not once the account is settled: what was audited stays as it was."""
    return Refusal("programme_settled") if facts.is_settled else by_another_than_its_issuer(facts)


def is_asked_back(facts: Facts) -> Refusal | None:
    """Asked for by finance."""
    return Refusal("reversal_not_asked") if facts.reversal_asked_by is None else None


def may_be_reversed(facts: Facts) -> Refusal | None:
    """Asked for by finance, done by another than who asked or gave it out, and before the account is settled."""
    if refusal := is_asked_back(facts):
        return refusal
    return Refusal("maker_is_checker") if facts.actor_id == facts.reversal_asked_by else may_be_asked_back(facts)


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
        Transition(State.RECEIPTED, "ask_reversal", State.RECEIPTED, may_be_asked_back),
        Transition(State.RECEIPTED, "withdraw_reversal", State.RECEIPTED, is_asked_back),
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
