"""Recommendations of workers to the Party organisation, and how many development targets it has in all."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema


class RecommendationState(StrEnum):
    """Where a recommendation stands."""

    NOMINATED = "nominated"
    REVIEWED = "reviewed"
    RECOMMENDED = "recommended"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DEFERRED = "deferred"


class Outcome(StrEnum):
    """What the Party organisation decided."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    DEFERRED = "deferred"


#: Roles that read the recommendations of their unions.
READERS = (Role.CHAIR, Role.OFFICER, Role.ZONE_OFFICER, Role.ZONE_LEADER, Role.PARTY_ORG)
#: Roles that report how many development targets there are, and those that read it.
REPORTERS = (Role.PARTY_ORG, Role.ZONE_OFFICER)
TOTAL_READERS = (*REPORTERS, Role.ZONE_LEADER)


class _Recommendation(Schema):
    subject_key = fields.SubjectKey(required=True)
    union_id = fields.Id(required=True)
    is_industrial_worker = fields.Flag(
        required=True, metadata={"description": "As the register had it when the nomination was recorded"}
    )
    state = fields.Code(RecommendationState, required=True)
    nominated_on = fields.LocalDate(required=True)
    recommended_on = fields.LocalDate(required=True, allow_none=True)
    outcome_on = fields.LocalDate(required=True, allow_none=True)


class RecommendationView(_Recommendation):
    """A recommendation of one person to the Party organisation."""

    id = fields.Id(required=True)
    party_org_ref = fields.Text(required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnRecommendation(Request):
    recommendation_id = fields.Id(required=True)


@command(
    post("/v1/party-recommendations", 201),
    reply=RecommendationView,
    roles=(Role.GROUP_LEADER, Role.OFFICER),
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=("not_found", "not_a_member_there", "already_recommended", "date_in_future"),
)
class NominateForParty(Request):
    """Nominate a member of a union; whether an industrial worker is taken from the register."""

    subject_key = fields.SubjectKey(required=True)
    union_id = fields.Id(required=True)
    party_org_ref = fields.Text(required=True)
    nominated_on = fields.LocalDate(required=True)


@command(
    post("/v1/party-recommendations/{recommendation_id}/review"),
    reply=RecommendationView,
    roles=(Role.CHAIR,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class ReviewNomination(_OnRecommendation):
    """Support a nomination as chair of the union, as another person than the one who made it."""


@command(
    post("/v1/party-recommendations/{recommendation_id}/recommend"),
    reply=RecommendationView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "date_in_future", "recommended_before_nomination"),
    versioned=True,
)
class RecommendToParty(_OnRecommendation):
    """Recommend a reviewed member to the Party organisation."""

    recommended_on = fields.LocalDate(required=True)


@command(
    post("/v1/party-recommendations/{recommendation_id}/conclude"),
    reply=RecommendationView,
    roles=(Role.PARTY_ORG,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "date_in_future", "concluded_before_recommendation"),
    versioned=True,
)
class ConcludeRecommendation(_OnRecommendation):
    """Record what the Party organisation decided; a deferred one can be concluded again."""

    outcome = fields.Code(Outcome, required=True)
    outcome_on = fields.LocalDate(required=True)


@query(
    get("/v1/party-recommendations/{recommendation_id}"),
    reply=RecommendationView,
    roles=READERS,
    errors=("not_found",),
)
class GetRecommendation(_OnRecommendation):
    """Read one recommendation of one's unions."""


@query(get("/v1/party-recommendations"), reply=page_of(RecommendationView), roles=READERS, scope=Scope.FILTER)
class ListRecommendations(PageRequest):
    """List the recommendations of one's unions, newest first."""

    union = fields.Id(metadata={"description": "Of this union or one below it"})
    state = fields.Code(RecommendationState)


class TargetTotalView(Schema):
    """How many development targets a Party organisation had in a period, industrial workers or not."""

    id = fields.Id(required=True)
    federation_id = fields.Id(required=True)
    party_org_ref = fields.Text(required=True)
    period_from = fields.LocalDate(required=True)
    period_to = fields.LocalDate(required=True)
    total = fields.Count(required=True)
    source_ref = fields.Text(required=True)
    version = fields.Count(required=True)


@command(
    post("/v1/development-targets", 201),
    reply=TargetTotalView,
    roles=REPORTERS,
    scope=Scope.FIELD,
    scope_field="federation_id",
    errors=("not_found", "ends_before_start"),
)
class ReportDevelopmentTargets(Request):
    """Report the total of a period; for the same period it replaces what was reported before."""

    federation_id = fields.Id(required=True)
    party_org_ref = fields.Text(required=True)
    period_from = fields.LocalDate(required=True)
    period_to = fields.LocalDate(required=True)
    total = fields.Count(required=True)
    source_ref = fields.Text(required=True)


@query(get("/v1/development-targets"), reply=page_of(TargetTotalView), roles=TOTAL_READERS, scope=Scope.FILTER)
class ListDevelopmentTargets(PageRequest):
    """List the totals that were reported in the areas of one's federations, newest first."""

    federation = fields.Id(metadata={"description": "Of this federation or one below it"})


class _RecommendationEvent(_Recommendation, Event):
    recommendation_id = fields.Id(required=True)


@event(Classification.SENSITIVE, subject="recommendation_id")
class PartyRecommendationMade(_RecommendationEvent):
    """A member was recommended to the Party organisation."""


@event(Classification.SENSITIVE, subject="recommendation_id")
class PartyRecommendationConcluded(_RecommendationEvent):
    """The Party organisation decided on a recommendation."""


@event(Classification.INTERNAL, subject="target_total_id")
class DevelopmentTargetTotalReported(Event):
    """The Party organisation said how many development targets it had in a period."""

    target_total_id = fields.Id(required=True)
    union_id = fields.Id(required=True, metadata={"description": "The federation"})
    party_org_ref = fields.Text(required=True)
    period_from = fields.LocalDate(required=True)
    period_to = fields.LocalDate(required=True)
    total = fields.Count(required=True)
