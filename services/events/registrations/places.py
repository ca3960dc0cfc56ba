"""The places of one activity in SQL; whoever changes them holds the lock of the activity's row."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, func, select
from sqlalchemy.orm import Session

from contracts.events.registrations import RegistrationState as State
from services.events.activities.models import Activity
from services.events.registrations.models import Registration
from services.events.registrations.rules import LIVE

_OF_ACTIVITY = Registration.activity_id == bindparam("activity_id")
_LOCK = (
    select(Activity.id)
    .join(Registration, Registration.activity_id == Activity.id)
    .where(Registration.id == bindparam("registration_id"))
    .with_for_update(of=Activity)
)
_TAKEN = select(
    func.count().filter(Registration.state == State.CONFIRMED),
    func.count().filter(Registration.state.in_(LIVE)),
    func.coalesce(func.max(Registration.number), 0),
).where(_OF_ACTIVITY)
_REGISTERED = select(Registration).where(
    _OF_ACTIVITY,
    Registration.state.in_(LIVE),
    Registration.subject_key == any_(bindparam("people", type_=ARRAY(Text))),
)
_FIRST_WAITING = (
    select(Registration)
    .where(_OF_ACTIVITY, Registration.state == State.WAITLISTED)
    .order_by(Registration.number)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of an activity have a place, how many hope to come at all, and the last number given out."""

    confirmed: int
    live: int
    last_number: int


def lock_activity(session: Session, registration_id: UUID) -> None:
    """Lock the activity before one of its registrations, as everything does that changes several of them."""
    session.execute(_LOCK, {"registration_id": registration_id})


def taken(session: Session, activity_id: UUID) -> Taken:
    """What the registrations of an activity have taken."""
    return Taken(*session.execute(_TAKEN, {"activity_id": activity_id}).one())


def registered(session: Session, activity_id: UUID, people: Iterable[str]) -> dict[str, Registration]:
    """Those of some people who have a place or wait for one, by subject key."""
    found = session.scalars(_REGISTERED, {"activity_id": activity_id, "people": list(people)})
    return {registration.subject_key: registration for registration in found}


def first_waiting(session: Session, activity_id: UUID) -> Registration | None:
    """Who has waited longest."""
    return session.scalar(_FIRST_WAITING, {"activity_id": activity_id})
