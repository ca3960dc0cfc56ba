"""The steps of a recommendation, each by another account."""

from collections.abc import Mapping
from typing import Any

from chassis.commands import handles
from chassis.states import step
from chassis.work import Work
from contracts.declare import by_name
from contracts.membership import party as contract
from kernel.states import NEW, Transition
from services.membership.party.models import ONE_AT_A_TIME, PartyRecommendation
from services.membership.party.rules import RECOMMENDATION, Facts
from services.membership.register.lookup import known

_EVENTS = by_name(contract.PartyRecommendationMade, contract.PartyRecommendationConcluded)


@handles(contract.NominateForParty, conflicts={str(ONE_AT_A_TIME.name): "already_recommended"})
def nominate_for_party(work: Work, request: Mapping[str, Any]) -> PartyRecommendation:
    """Nominate a member of the union that the request names."""
    assert work.standing is not None
    person = known(work.session, request["subject_key"])
    is_member = person is not None and person.is_active_in(request["union_id"])
    taken = step(
        RECOMMENDATION, NEW, "nominate", Facts(work.today, work.actor.id, request["nominated_on"], is_member=is_member)
    )
    recommendation = PartyRecommendation(
        region_code=work.standing.region_code,
        is_industrial_worker=person is not None and person.is_industrial_worker,
        nominated_by=work.actor.id,
        **request,
    )
    work.session.add(recommendation)
    return _tell(work, recommendation, taken)


@handles(contract.ReviewNomination, on=PartyRecommendation)
def review_nomination(
    work: Work, recommendation: PartyRecommendation, _request: Mapping[str, Any]
) -> PartyRecommendation:
    """Support a nomination as chair of the union."""
    taken = _step(work, recommendation, "review")
    recommendation.reviewed_by = work.actor.id
    return _tell(work, recommendation, taken)


@handles(contract.RecommendToParty, on=PartyRecommendation)
def recommend_to_party(
    work: Work, recommendation: PartyRecommendation, request: Mapping[str, Any]
) -> PartyRecommendation:
    """Recommend a reviewed member to the Party organisation."""
    taken = _step(work, recommendation, "recommend", recommended_on=request["recommended_on"])
    recommendation.recommended_on, recommendation.recommended_by = request["recommended_on"], work.actor.id
    return _tell(work, recommendation, taken)


@handles(contract.ConcludeRecommendation, on=PartyRecommendation)
def conclude_recommendation(
    work: Work, recommendation: PartyRecommendation, request: Mapping[str, Any]
) -> PartyRecommendation:
    """Record what the Party organisation decided."""
    asked = {"outcome": request["outcome"], "outcome_on": request["outcome_on"]}
    taken = _step(work, recommendation, "conclude", recommended_on=recommendation.recommended_on, **asked)
    recommendation.outcome_on, recommendation.concluded_by = request["outcome_on"], work.actor.id
    return _tell(work, recommendation, taken)


def _step(work: Work, recommendation: PartyRecommendation, command: str, **asked: Any) -> Transition[Facts]:
    """The step that a command takes from where the recommendation stands."""
    makers = recommendation.nominated_by, recommendation.reviewed_by, recommendation.recommended_by
    facts = Facts(work.today, work.actor.id, recommendation.nominated_on, makers, **asked)
    return step(RECOMMENDATION, recommendation.state, command, facts)


def _tell(work: Work, recommendation: PartyRecommendation, taken: Transition[Facts]) -> PartyRecommendation:
    """Move the recommendation and publish what the step says."""
    recommendation.state = taken.target
    for name in taken.events:
        work.publish(_EVENTS[name], recommendation)
    return recommendation
