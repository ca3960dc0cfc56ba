"""The steps that registrations take, one by one or along with their activity."""

from sqlalchemy import and_, case, exists, or_, update

from chassis.states import step
from chassis.work import OneOfMany, Work
from contracts.declare import by_name
from contracts.events import registrations as contract
from contracts.events.registrations import RegistrationState as State
from services.events.activities.models import Activity, Attendance
from services.events.registrations.models import Registration
from services.events.registrations.rules import LIVE, REGISTRATION, Facts

_EVENTS = by_name(
    contract.RegistrationConfirmed,
    contract.RegistrationWaitlisted,
    contract.RegistrationPromoted,
    contract.RegistrationCancelled,
)

_NEXT_VERSION = Registration.version + 1


def move(work: Work, activity: Activity, registration: Registration, source: str, command: str) -> None:
    """Take a registration from a state by a command and tell it. Raises Refused as `chassis.states.step` does."""
    taken = step(REGISTRATION, source, command, Facts(activity.kind, activity.state))
    registration.state = taken.target
    for name in taken.events:
        work.publish(_EVENTS[name], registration)


def call_off(work: Work, activity: Activity) -> None:
    """Cancel whatever is still registered for an activity that does not take place, and tell each."""
    # from wherever they stand they come to the same end, so that one statement moves all of them
    taken = step(REGISTRATION, State.CONFIRMED, "call_off", Facts(activity.kind, activity.state))
    rows = work.session.execute(
        update(Registration)
        .where(Registration.activity_id == activity.id, Registration.state.in_(LIVE))
        .values(state=taken.target, version=_NEXT_VERSION, event_sequence=Registration.event_sequence + 1)
        .returning(Registration.number, Registration.id, Registration.subject_key, Registration.event_sequence)
        .execution_options(synchronize_session=False)
    )
    for _, registration_id, subject_key, sequence in sorted(rows):
        gone = OneOfMany(registration_id, sequence - 1, activity.region_code, activity.organizer_union_id)
        data = {
            "registration_id": str(registration_id),
            "activity_id": str(activity.id),
            "subject_key": subject_key,
            "state": taken.target,
        }
        for name in taken.events:
            work.publish_data(_EVENTS[name], gone, data)


def settle(work: Work, activity: Activity) -> None:
    """Say of everybody who had a place, or came for one who did not, whether they came.

    Nobody is told, for attendances are.
    """
    facts = Facts(activity.kind, activity.state)
    came, missed = (step(REGISTRATION, State.CONFIRMED, command, facts).target for command in ("attend", "miss"))
    on_the_list = exists().where(
        Attendance.activity_id == Registration.activity_id, Attendance.subject_key == Registration.subject_key
    )
    work.session.execute(
        update(Registration)
        .where(
            Registration.activity_id == activity.id,
            or_(
                Registration.state == State.CONFIRMED,
                and_(Registration.state == State.WAITLISTED, on_the_list),
            ),
        )
        .values(state=case((on_the_list, came), else_=missed), version=_NEXT_VERSION)
        .execution_options(synchronize_session=False)
    )
