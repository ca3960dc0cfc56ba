"""The way of a programme, from a draft to the audit, and who may take no step because of an earlier one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.membership.organisation import ACTING
from contracts.welfare.programmes import BenefitForm, ProgrammeKind
from contracts.welfare.programmes import ProgrammeState as State
from kernel.law import Refusal
from kernel.money import Fen
from kernel.states import Machine, Transition
from services.welfare.duties.rules import Takers, took_any

#: The forms in which a programme of each kind gives. Relief is goods or money (R-SPD-09), a check is a service (2.11).
FORMS: Mapping[str, frozenset[str]] = {
    ProgrammeKind.WINTER_RELIEF: frozenset((BenefitForm.GOODS, BenefitForm.MONEY)),
    ProgrammeKind.HEALTH_CHECK: frozenset((BenefitForm.SERVICE,)),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on."""

    actor_id: UUID
    #: Accounts that took each step before.
    steps: Takers
    #: Of benefits approved and not yet received.
    committed_fen: Fen
    #: Whether finance asked to reverse a benefit that counts still.
    has_reversal_open: bool


def may_be_drafted(union_state: str, kind: str, form: str, starts_on: date, ends_on: date) -> Refusal | None:
    """By an approved union, in a form that fits the kind, ending on the first day or later."""
    if union_state not in ACTING:
        return Refusal("union_not_approved", "union_id")
    if form not in FORMS[kind]:
        return Refusal("form_does_not_fit_kind", "form")
    return None if starts_on <= ends_on else Refusal("ends_before_start", "ends_on")


def by_another_than_its_maker(facts: Facts) -> Refusal | None:
    """Not by who drafted or submitted it."""
    return _by_none_of(facts, "draft", "submit")


def by_another_than_maker_and_adviser(facts: Facts) -> Refusal | None:
    """Not by who drafted or submitted it or gave the opinion: the audit committee never approves."""
    return _by_none_of(facts, "draft", "submit", "record_opinion")


def may_be_settled(facts: Facts) -> Refusal | None:
    """Not by who drafted, submitted or approved it, and once no reversal that was asked for is open."""
    barred = _by_none_of(facts, "draft", "submit", "approve")
    return barred or (Refusal("reversal_open") if facts.has_reversal_open else None)


def by_nobody_who_ran_it(facts: Facts) -> Refusal | None:
    """Not by who took any step of it but the opinion."""
    return _by_none_of(facts, *(facts.steps.keys() - {"record_opinion"}))


def nothing_is_bound(facts: Facts) -> Refusal | None:
    """Each benefit that was approved is received, came back or was cancelled."""
    return Refusal("grants_open") if facts.committed_fen else None


def _by_none_of(facts: Facts, *commands: str) -> Refusal | None:
    return Refusal("maker_is_checker") if took_any(facts.actor_id, facts.steps, *commands) else None


#: The life of a programme.
PROGRAMME = Machine(
    "programme",
    State.DRAFT,
    (
        Transition(State.DRAFT, "submit", State.AUDIT_REVIEW),
        Transition(State.AUDIT_REVIEW, "record_opinion", State.REVIEWED, by_another_than_its_maker),
        Transition(State.REVIEWED, "approve", State.APPROVED, by_another_than_maker_and_adviser, "programme_approved"),
        Transition(State.APPROVED, "open", State.OPEN, event="programme_opened"),
        Transition(State.OPEN, "suspend", State.SUSPENDED, event="programme_suspended"),
        Transition(State.SUSPENDED, "resume", State.OPEN, event="programme_opened"),
        Transition(State.OPEN, "close", State.CLOSED, nothing_is_bound, "programme_closed"),
        Transition(State.CLOSED, "settle", State.SETTLED, may_be_settled),
        Transition(State.SETTLED, "audit", State.AUDITED, by_nobody_who_ran_it, "programme_audited"),
    ),
)
