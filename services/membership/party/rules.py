"""The way of a recommendation, on which nobody decides twice; nothing here reads or writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.membership.party import Outcome
from contracts.membership.party import RecommendationState as State
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition, from_each


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    actor_id: UUID
    nominated_on: date
    #: Accounts that took the steps before this one.
    makers: Sequence[UUID | None] = ()
    #: Whether the person is an active member of the union that nominates.
    is_member: bool = True
    recommended_on: date | None = None
    outcome: str | None = None
    outcome_on: date | None = None


def may_be_nominated(facts: Facts) -> Refusal | None:
    """An active member of the union, on a day that has come."""
    if refusal := _has_come(facts, facts.nominated_on, "nominated_on"):
        return refusal
    return None if facts.is_member else Refusal("not_a_member_there", "subject_key")


def by_another(facts: Facts) -> Refusal | None:
    """By somebody who took no step before."""
    return Refusal("maker_is_checker") if facts.actor_id in facts.makers else None


def may_be_recommended(facts: Facts) -> Refusal | None:
    """By somebody who took no step before, between the nomination and today."""
    assert facts.recommended_on is not None
    if refusal := by_another(facts) or _has_come(facts, facts.recommended_on, "recommended_on"):
        return refusal
    early = facts.recommended_on < facts.nominated_on
    return Refusal("recommended_before_nomination", "recommended_on") if early else None


def accepted(facts: Facts) -> Refusal | None:
    """Accepted by somebody who took no step before, between the recommendation and today."""
    return _concluded(facts, Outcome.ACCEPTED)


def declined(facts: Facts) -> Refusal | None:
    """Declined by somebody who took no step before, between the recommendation and today."""
    return _concluded(facts, Outcome.DECLINED)


def deferred(facts: Facts) -> Refusal | None:
    """Put off by somebody who took no step before, between the recommendation and today."""
    return _concluded(facts, Outcome.DEFERRED)


def _concluded(facts: Facts, outcome: Outcome) -> Refusal | None:
    assert facts.recommended_on is not None
    assert facts.outcome_on is not None
    # what is wrong with the conclusion itself comes first: of three refusals the client hears one
    if refusal := by_another(facts) or _has_come(facts, facts.outcome_on, "outcome_on"):
        return refusal
    if facts.outcome_on < facts.recommended_on:
        return Refusal("concluded_before_recommendation", "outcome_on")
    return None if facts.outcome == outcome else Refusal("illegal_transition", "outcome")


def _has_come(facts: Facts, day: date, field: str) -> Refusal | None:
    return None if day <= facts.today else Refusal("date_in_future", field, params={"today": facts.today.isoformat()})


#: States from which the Party organisation decides; what it deferred it decides again.
_UNDECIDED = (State.RECOMMENDED, State.DEFERRED)
_CONCLUDED = "party_recommendation_concluded"

#: The way of a recommendation; outside membership it is heard of when it reaches the Party organisation.
RECOMMENDATION = Machine(
    "party_recommendation",
    NEW,
    (
        Transition(NEW, "nominate", State.NOMINATED, may_be_nominated),
        Transition(State.NOMINATED, "review", State.REVIEWED, by_another),
        Transition(State.REVIEWED, "recommend", State.RECOMMENDED, may_be_recommended, "party_recommendation_made"),
        *from_each(_UNDECIDED, "conclude", State.ACCEPTED, accepted, _CONCLUDED),
        *from_each(_UNDECIDED, "conclude", State.DECLINED, declined, _CONCLUDED),
        *from_each(_UNDECIDED, "conclude", State.DEFERRED, deferred, _CONCLUDED),
    ),
)
