"""Registrations: who wants to come to an activity, who has a place, and who waits for one."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.events.activities import ORGANISERS
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from kernel.codes.worker_category import WorkerCategory

#: People that one request may register.
MOST_PEOPLE = 500
#: People that one activity may have with a place or a turn, so that cancelling it, which tells of each, stays one short
#: transaction.
MOST_REGISTRATIONS = 5_000


class RegistrationState(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class RegistrationView(Schema):
    """A person's registration for an activity, with category and union on the day of registration."""

    id = fields.Id(required=True)
    activity_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    union_id = fields.Id(required=True)
    state = fields.Code(RegistrationState, required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class Registered(Schema):
    """What a list of people brought: those who have a place, those who wait, and those who were there already."""

    activity_id = fields.Id(required=True)
    confirmed = fields.Count(required=True)
    waitlisted = fields.Count(required=True)
    already_there = fields.Count(required=True)


@command(
    post("/v1/activities/{activity_id}/registrations"),
    reply=Registered,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=("registration_closed", "no_registration", "not_yet_known", "not_a_member", "registrations_full"),
)
class RegisterPeople(Request):
    """Register members for an open activity in the order of the list: places first, then the waiting list."""

    activity_id = fields.Id(required=True)
    subject_keys = fields.Many(fields.SubjectKey(), longest=MOST_PEOPLE, shortest=1, required=True)


@command(
    post("/v1/activities/{activity_id}/registrations/mine"),
    reply=RegistrationView,
    roles=(Role.MEMBER,),
    errors=(
        "not_found",
        "registration_closed",
        "no_registration",
        "not_yet_known",
        "not_a_member",
        "registrations_full",
    ),
)
class RegisterMyself(Request):
    """Register oneself for an open activity."""

    activity_id = fields.Id(required=True)


@command(
    post("/v1/registrations/{registration_id}/cancel"),
    reply=RegistrationView,
    roles=(*ORGANISERS, Role.MEMBER),
    errors=("not_found", "outside_scope", "illegal_transition", "registration_closed"),
    versioned=True,
)
class CancelRegistration(Request):
    """Give a place back, one's own or as organiser; the first who waits gets it."""

    registration_id = fields.Id(required=True)


@query(
    get("/v1/activities/{activity_id}/registrations"),
    reply=page_of(RegistrationView),
    roles=ORGANISERS,
    errors=("not_found", "outside_scope"),
)
class ListRegistrations(PageRequest):
    """List who is registered for an activity of one's unions, in the order in which they came."""

    activity_id = fields.Id(required=True)
    state = fields.Code(RegistrationState)


class _RegistrationEvent(Event):
    registration_id = fields.Id(required=True)
    activity_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    state = fields.Code(RegistrationState, required=True)


@event(Classification.PSEUDONYMOUS, subject="registration_id")
class RegistrationConfirmed(_RegistrationEvent):
    """Somebody has a place at an activity."""


@event(Classification.PSEUDONYMOUS, subject="registration_id")
class RegistrationWaitlisted(_RegistrationEvent):
    """Somebody waits for a place at an activity."""


@event(Classification.PSEUDONYMOUS, subject="registration_id")
class RegistrationPromoted(_RegistrationEvent):
    """Somebody who waited got a place that was given back."""


@event(Classification.PSEUDONYMOUS, subject="registration_id")
class RegistrationCancelled(_RegistrationEvent):
    """Somebody gave a place back, or waits no longer."""
