"""Who may have a place at a health check, and the way of a booking; nothing here reads or writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.welfare.grants import Ineligibility
from contracts.welfare.health_checks import BookingState as State
from contracts.welfare.programmes import ProgrammeKind
from kernel.law import Refusal
from kernel.states import Machine, Transition

#: States that take up a place.
TAKEN = (State.BOOKED, State.ATTENDED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a slot has to fit into."""

    kind: str
    is_open: bool
    starts_on: date
    ends_on: date
    #: Whether the union of the slot is the programme's or lies below it.
    reaches_union: bool


def may_be_opened(plan: Plan, held_on: date) -> Refusal | None:
    """Under an open health-check programme that reaches the union, on one of its days."""
    if plan.kind != ProgrammeKind.HEALTH_CHECK:
        return Refusal("not_found", "programme_id")
    if not plan.is_open:
        return Refusal("programme_not_open")
    if not plan.reaches_union:
        return Refusal("outside_programme", "union_id")
    return None if plan.starts_on <= held_on <= plan.ends_on else Refusal("outside_programme_days", "held_on")


#: What people hear who are not admitted to a place.
REFUSALS: Mapping[Ineligibility, str] = {
    Ineligibility.NOT_A_MEMBER: "not_a_member",
    Ineligibility.MEMBERSHIP_RETAINED: "not_a_member",
    Ineligibility.OUTSIDE_UNION: "outside_scope",
    Ineligibility.CATEGORY_NOT_ADMITTED: "category_not_admitted",
}


def takes_bookings(held_on: date, today: date, programme_is_open: bool) -> Refusal | None:
    """The day is not over, and its programme is neither suspended nor closed."""
    if held_on < today:
        return Refusal("slot_over")
    return None if programme_is_open else Refusal("programme_not_open")


def has_room(places: int, asked: int) -> Refusal | None:
    """Places are left for all."""
    return Refusal("slot_full", params={"left": str(places)}) if asked > places else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards of a booking decide on."""

    actor_id: UUID
    today: date
    held_on: date
    #: Account that marked the attendance: another one voids it.
    attended_by: UUID | None = None


def day_has_come(facts: Facts) -> Refusal | None:
    """On the day or later."""
    if facts.held_on <= facts.today:
        return None
    return Refusal("date_in_future", params={"today": facts.today.isoformat()})


def day_is_not_over(facts: Facts) -> Refusal | None:
    """On the day or before."""
    return Refusal("slot_over") if facts.held_on < facts.today else None


def by_another(facts: Facts) -> Refusal | None:
    """Not by who marked it."""
    return Refusal("maker_is_checker") if facts.actor_id == facts.attended_by else None


#: The life of a booking; only `attended` counts.
BOOKING = Machine(
    "booking",
    State.BOOKED,
    (
        Transition(State.BOOKED, "attend", State.ATTENDED, day_has_come, "health_check_attended"),
        Transition(State.BOOKED, "cancel", State.CANCELLED, day_is_not_over),
        Transition(State.ATTENDED, "void", State.VOIDED, by_another, "health_check_voided"),
    ),
)
