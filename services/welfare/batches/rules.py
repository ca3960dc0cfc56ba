"""The way of a list, and what its hash is made of; nothing here reads or writes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.welfare.batches import LONGEST_BATCH
from contracts.welfare.batches import BatchState as State
from contracts.welfare.grants import GrantState, Ineligibility
from kernel.law import Refusal
from kernel.money import Fen, format_yuan
from kernel.states import Machine, Transition, from_each
from services.welfare.duties.rules import Takers, took_any


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
    return GrantState.ELIGIBLE if reason is None else reason


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
    State.BUILDING,
    (
        Transition(State.BUILDING, "add_lines", State.BUILDING, fits),
        Transition(State.BUILDING, "freeze", State.FROZEN, may_be_frozen, "benefit_batch_frozen"),
        Transition(State.FROZEN, "approve", State.APPROVED, may_be_approved),
        Transition(State.APPROVED, "issue", State.ISSUING, programme_is_open),
        *(
            Transition(State.ISSUING, command, *target)
            for command in ("record_receipts", "return")
            for target in ((State.COMPLETE, nobody_waits), (State.ISSUING,))
        ),
        Transition(State.COMPLETE, "record_receipts", State.COMPLETE),
        *from_each((State.BUILDING, State.FROZEN, State.APPROVED), "cancel", State.CANCELLED),
    ),
)
