"""Who consumes what: the broker's bindings, and which unroutable events are failures, follow from this table."""

from contracts.declare import Event
from contracts.events import activities
from contracts.membership import organisation, party, posts, register
from contracts.welfare import grants, health_checks

#: The events that make the union tree; every service that answers scope questions listens to them.
UNION_EVENTS: tuple[type[Event], ...] = (
    organisation.UnionFounded,
    organisation.UnionApproved,
    organisation.UnionPlaqueAwarded,
    organisation.UnionRenamed,
    organisation.UnionMoved,
    organisation.UnionRungChanged,
    organisation.UnionDissolved,
)
#: The events that say who belongs to which union, in which state and category.
MEMBER_EVENTS: tuple[type[Event], ...] = (
    register.MemberJoined,
    register.MemberTransferred,
    register.MemberAttributesChanged,
    register.MemberRetained,
    register.MemberReinstated,
    register.MemberLeft,
    register.MemberExpelled,
    register.MemberDeceased,
)

SUBSCRIPTIONS: dict[str, tuple[type[Event], ...]] = {
    "gateway": (*UNION_EVENTS, *MEMBER_EVENTS, posts.OfficePostStarted, posts.OfficePostEnded),
    "welfare": (*UNION_EVENTS, *MEMBER_EVENTS),
    "events": (*UNION_EVENTS, *MEMBER_EVENTS),
    "reporting": (
        *UNION_EVENTS,
        *MEMBER_EVENTS,
        party.PartyRecommendationMade,
        party.PartyRecommendationConcluded,
        party.DevelopmentTargetTotalReported,
        activities.ActivityPublished,
        activities.ActivityHeld,
        activities.ActivityClosed,
        activities.ActivityCancelled,
        activities.ActivityCorrected,
        activities.ActivityVoided,
        activities.ActivityAttended,
        grants.BenefitIssued,
        grants.BenefitReceipted,
        grants.BenefitReturned,
        grants.BenefitReversed,
        health_checks.HealthCheckAttended,
        health_checks.HealthCheckVoided,
    ),
}
