"""Health checks that a union pays: days at a provider, bookings and who came; never a medical result (PIPL art 28)."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from kernel.codes.worker_category import WorkerCategory

#: People that one request may book or mark.
MOST_PEOPLE = 500


class BookingState(StrEnum):
    """Where a booking stands."""

    BOOKED = "booked"
    ATTENDED = "attended"
    CANCELLED = "cancelled"
    VOIDED = "voided"


#: Roles that arrange health checks for their unions.
ARRANGERS = (Role.OFFICER, Role.ZONE_OFFICER)
#: Roles that see the bookings of their unions' days; a provider's role is granted at the union that arranges them.
READERS = (*ARRANGERS, Role.CHAIR, Role.ZONE_LEADER, Role.PROVIDER)


class SlotView(Schema):
    """A day on which a provider examines members."""

    id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    union_id = fields.Id(required=True)
    provider_id = fields.Id(required=True)
    provider_name = fields.Text(required=True)
    held_on = fields.LocalDate(required=True)
    quota = fields.Count(required=True)
    booked = fields.Count(required=True)
    attended = fields.Count(required=True)
    version = fields.Count(required=True)


class BookingView(Schema):
    """One person's place on a day, with category and union on that day once they came."""

    id = fields.Id(required=True)
    slot_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    union_id = fields.Id(required=True)
    state = fields.Code(BookingState, required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnSlot(Request):
    slot_id = fields.Id(required=True)


class _OnBooking(Request):
    booking_id = fields.Id(required=True)


@command(
    post("/v1/health-checks/slots", 201),
    reply=SlotView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=("not_yet_known", "not_found", "programme_not_open", "outside_programme", "outside_programme_days"),
)
class OpenSlot(Request):
    """Offer a day at a provider under an open health-check programme."""

    programme_id = fields.Id(required=True)
    union_id = fields.Id(required=True, metadata={"description": "Whose members may come, and of all unions below"})
    provider_id = fields.Id(required=True)
    provider_name = fields.Text(required=True)
    held_on = fields.LocalDate(required=True)
    quota = fields.Count(1, 10_000, required=True)


class Booked(Schema):
    """What a list brought; somebody who has a place is not booked twice."""

    slot_id = fields.Id(required=True)
    booked = fields.Count(required=True)
    already_there = fields.Count(required=True)


@command(
    post("/v1/health-checks/slots/{slot_id}/bookings"),
    reply=Booked,
    roles=ARRANGERS,
    scope=Scope.RECORD,
    errors=(
        "not_yet_known",
        "not_a_member",
        "category_not_admitted",
        "programme_not_open",
        "slot_full",
        "slot_over",
        "outside_scope",
    ),
)
class BookPeople(_OnSlot):
    """Book members for a day: all of the list or nobody."""

    subject_keys = fields.Many(fields.SubjectKey(), longest=MOST_PEOPLE, shortest=1, required=True)


@command(
    post("/v1/health-checks/slots/{slot_id}/bookings/mine"),
    reply=BookingView,
    roles=(Role.MEMBER,),
    errors=(
        "not_found",
        "not_yet_known",
        "not_a_member",
        "category_not_admitted",
        "outside_scope",
        "programme_not_open",
        "slot_full",
        "slot_over",
        "already_booked",
    ),
)
class BookMyself(_OnSlot):
    """Book a place for oneself."""


class Attended(Schema):
    """What an attendance list brought; somebody marked before counts once."""

    slot_id = fields.Id(required=True)
    attended = fields.Count(required=True)
    already_there = fields.Count(required=True)


@command(
    post("/v1/health-checks/slots/{slot_id}/attendances"),
    reply=Attended,
    roles=(*ARRANGERS, Role.PROVIDER),
    scope=Scope.RECORD,
    errors=("date_in_future", "not_booked"),
)
class RecordAttendances(_OnSlot):
    """Mark who came, from the provider's list."""

    subject_keys = fields.Many(fields.SubjectKey(), longest=MOST_PEOPLE, shortest=1, required=True)


@command(
    post("/v1/bookings/{booking_id}/attend"),
    reply=BookingView,
    roles=(*ARRANGERS, Role.PROVIDER),
    scope=Scope.RECORD,
    errors=("illegal_transition", "date_in_future"),
    versioned=True,
)
class AttendBooking(_OnBooking):
    """Mark that one person came."""


@command(
    post("/v1/bookings/{booking_id}/cancel"),
    reply=BookingView,
    roles=(*ARRANGERS, Role.MEMBER),
    errors=("not_found", "outside_scope", "illegal_transition", "slot_over"),
    versioned=True,
)
class CancelBooking(_OnBooking):
    """Give a place back, one's own or as arranger."""


@command(
    post("/v1/bookings/{booking_id}/void"),
    reply=BookingView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class VoidAttendance(_OnBooking):
    """Take an attendance that was marked by mistake out of every count, as another person than who marked it."""


@query(get("/v1/health-checks/slots"), reply=page_of(SlotView), roles=(*READERS, Role.MEMBER))
class ListSlots(PageRequest):
    """List days of health checks, newest first."""

    programme = fields.Id()
    held_from = fields.LocalDate()


@query(
    get("/v1/health-checks/slots/{slot_id}/bookings"),
    reply=page_of(BookingView),
    roles=READERS,
    errors=("not_found", "outside_scope"),
)
class ListBookings(PageRequest):
    """List the bookings of a day of one's unions."""

    slot_id = fields.Id(required=True)
    state = fields.Code(BookingState)


class _HealthCheckEvent(Event):
    booking_id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    slot_id = fields.Id(required=True)
    union_id = fields.Id(required=True, metadata={"description": "Of the person on that day"})
    subject_key = fields.SubjectKey(required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    provider_id = fields.Id(required=True)
    state = fields.Code(BookingState, required=True)
    on = fields.LocalDate(required=True)


@event(Classification.SENSITIVE, subject="booking_id")
class HealthCheckAttended(_HealthCheckEvent):
    """A member came to a health check."""


@event(Classification.SENSITIVE, subject="booking_id")
class HealthCheckVoided(_HealthCheckEvent):
    """A member did not come after all: the attendance was marked by mistake."""
