"""When an application may come in and be decided; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.membership.applications import ApplicationState as State
from contracts.membership.organisation import ACTING
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition
from services.membership.register.rules import RETIRED


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    actor_id: UUID
    applied_on: date
    #: Of the union that is asked; only a submission looks at it.
    union_state: str | None = None
    employment_state: str | None = None
    #: Since when the applicant has the work, if that is said.
    employed_since: date | None = None
    #: Account that brought it in.
    submitted_by: UUID | None = None
    decided_on: date | None = None
    #: Whether the deciding account has the role of chair at the union or above it, or nobody holds the post of its
    #: chair; only a decision looks at it.
    is_responsible: bool = False


def may_be_submitted(facts: Facts) -> Refusal | None:
    """To an approved union, by today, of somebody who has the work already (R-MEM-01) and not retired (R-MEM-19)."""
    if facts.union_state not in ACTING:
        return Refusal("union_not_approved", "union_id")
    if facts.applied_on > facts.today:
        return Refusal("date_in_future", "applied_on", params={"today": facts.today.isoformat()})
    if facts.employed_since is not None and facts.employed_since > facts.today:
        today = {"today": facts.today.isoformat()}
        return Refusal("date_in_future", "employment.started_on", rule_code="R-MEM-01", params=today)
    if facts.employment_state in RETIRED:
        return Refusal("retired_cannot_join", "employment.employment_state", rule_code="R-MEM-19")
    return None


def may_be_decided(facts: Facts) -> Refusal | None:
    """By a chair, or a zone officer where none is; not by who brought it in; from its day to today (R-MEM-02).

    The role of chair is that of vice-chairs too, and reaches all unions below the one where it is held; only who holds
    the post of chair bars the zone's officers.
    """
    if facts.actor_id == facts.submitted_by:
        return Refusal("maker_is_checker")
    if not facts.is_responsible:
        return Refusal("union_has_a_chair", rule_code="R-MEM-02")
    if facts.decided_on is None or facts.decided_on > facts.today:
        return Refusal("date_in_future", "decided_on", params={"today": facts.today.isoformat()})
    return Refusal("decided_before_applied", "decided_on") if facts.decided_on < facts.applied_on else None


#: The way of an application so far; corrections and transfers come with their own commands. What approval makes is told
#: by the membership.
APPLICATION = Machine(
    "membership_application",
    NEW,
    (
        Transition(NEW, "submit", State.SUBMITTED, may_be_submitted),
        Transition(State.SUBMITTED, "approve", State.APPROVED, may_be_decided),
        Transition(State.SUBMITTED, "reject", State.REJECTED, may_be_decided),
        Transition(State.SUBMITTED, "withdraw", State.WITHDRAWN),
    ),
)
