"""Who consumes what: the broker's bindings, and which unroutable events are failures, follow from this table."""

from contracts.declare import Event
from contracts.events import activities
from contracts.membership import organisation

#: The events that make the union tree; every service that answers scope questions listens to them.
UNION_EVENTS: tuple[type[Event], ...] = (organisation.UnionFounded, organisation.UnionApproved)

SUBSCRIPTIONS: dict[str, tuple[type[Event], ...]] = {
    "gateway": UNION_EVENTS,
    "events": UNION_EVENTS,
    "reporting": (
        *UNION_EVENTS,
        activities.ActivityPublished,
        activities.ActivityHeld,
        activities.ActivityClosed,
        activities.ActivityCancelled,
        activities.ActivityCorrected,
        activities.ActivityVoided,
        activities.ActivityAttended,
    ),
}
