"""The way of an activity and what each step demands; nothing here reads or writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.events.activities import ActivityKind
from contracts.events.activities import ActivityState as State
from contracts.membership.organisation import ACTING
from kernel.law import Refusal
from kernel.states import Machine, Transition, from_each

#: An activity may be held this much before its planned day; held still earlier it is another one, to be drafted anew.
AHEAD_OF_PLAN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class KindRules:
    """What sets one kind of activity apart from others."""

    #: People register, and only they are listed as having come: who waited, only where a place stayed empty.
    registered: bool
    #: It has a tier of its federation.
    tiered: bool


#: Every kind of activity.
KINDS: Mapping[str, KindRules] = {
    ActivityKind.STUDY: KindRules(registered=False, tiered=False),
    ActivityKind.COMPETITION: KindRules(registered=True, tiered=True),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    actor_id: UUID
    #: The planned day.
    starts_on: date
    #: As the command names them, else as the activity has them.
    held_on: date | None
    sessions: int
    attendances: int
    #: Account that closed the activity.
    closed_by: UUID | None
    #: The largest session number on the attendance list or among the lines to be added.
    last_session: int = 0


def may_be_drafted(union_state: str, starts_at: datetime, ends_at: datetime) -> Refusal | None:
    """By an approved union, and to end after it starts."""
    if union_state not in ACTING:
        return Refusal("union_not_approved", "organizer_union_id")
    return None if starts_at < ends_at else Refusal("ends_before_start", "ends_at")


def names_its_tier(kind: str, tier: str | None) -> Refusal | None:
    """A contest names a tier, and nothing else does."""
    if KINDS[kind].tiered == (tier is not None):
        return None
    return Refusal("tier_missing" if tier is None else "tier_not_apt", "tier")


def took_place(facts: Facts) -> Refusal | None:
    """Held today or before."""
    if facts.held_on is None or facts.held_on <= facts.today:
        return None
    return Refusal("date_in_future", "held_on", params={"today": facts.today.isoformat()})


def may_be_held(facts: Facts) -> Refusal | None:
    """On a day that has come; a postponed activity long after its plan, but no activity long before."""
    if refusal := took_place(facts):
        return refusal
    earliest = facts.starts_on - AHEAD_OF_PLAN
    if facts.held_on is None or facts.held_on >= earliest:
        return None
    return Refusal("held_before_plan", "held_on", params={"earliest": earliest.isoformat()})


def names_its_sessions(facts: Facts) -> Refusal | None:
    """Each line names a session that the activity has."""
    return None if facts.last_session <= facts.sessions else Refusal("no_such_session", "attendances")


def has_attendance(facts: Facts) -> Refusal | None:
    """Somebody came."""
    return None if facts.attendances else Refusal("no_attendance")


def by_another(facts: Facts) -> Refusal | None:
    """Decided by another account than the one that closed it."""
    return None if facts.actor_id != facts.closed_by else Refusal("maker_is_checker")


def may_be_corrected(facts: Facts) -> Refusal | None:
    """By another account, to a day that has come and to no fewer sessions than the list names."""
    if refusal := by_another(facts) or took_place(facts):
        return refusal
    return None if facts.last_session <= facts.sessions else Refusal("sessions_below_attendance", "sessions")


#: States in which nobody outside the union has heard of the activity.
_UNANNOUNCED: Iterable[str] = (State.DRAFT, State.SUBMITTED, State.APPROVED)

#: The life of an activity; only `closed` counts in reports.
ACTIVITY = Machine(
    "activity",
    State.DRAFT,
    (
        Transition(State.DRAFT, "submit", State.SUBMITTED),
        Transition(State.SUBMITTED, "approve", State.APPROVED),
        Transition(State.APPROVED, "publish", State.OPEN, event="activity_published"),
        Transition(State.OPEN, "hold", State.HELD, may_be_held, "activity_held"),
        Transition(State.HELD, "record_attendance", State.HELD, names_its_sessions),
        Transition(State.HELD, "close", State.CLOSED, has_attendance, ("activity_closed", "activity_attended")),
        Transition(State.CLOSED, "correct", State.CLOSED, may_be_corrected, "activity_corrected"),
        Transition(State.CLOSED, "void", State.VOIDED, by_another, "activity_voided"),
        *from_each(_UNANNOUNCED, "cancel", State.CANCELLED),
        Transition(State.OPEN, "cancel", State.CANCELLED, event="activity_cancelled"),
    ),
)
