"""What changes health checks: a day is offered, people book, come, or do not."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.commands import handles
from chassis.errors import Refused
from chassis.member_register import Member, members_on
from chassis.states import refused, step
from chassis.work import Work
from contracts.declare import by_name
from contracts.roles import Role
from contracts.welfare import health_checks as contract
from contracts.welfare.health_checks import BookingState
from services.welfare.health_checks import places
from services.welfare.health_checks.models import Booking, Slot
from services.welfare.health_checks.rules import (
    BOOKING,
    REFUSALS,
    Facts,
    Plan,
    has_room,
    may_be_opened,
    takes_bookings,
)
from services.welfare.programmes.admission import admission
from services.welfare.programmes.models import Programme

_EVENTS = by_name(contract.HealthCheckAttended, contract.HealthCheckVoided)


def lock_its_slot(session: Session, booking_id: UUID) -> None:
    """Lock the slot of a booking: everybody locks the slot first, then the booking."""
    its_slot = select(Booking.slot_id).where(Booking.id == booking_id).scalar_subquery()
    session.scalars(select(Slot).where(Slot.id == its_slot).with_for_update()).first()


def check_right(work: Work, booking: Booking) -> None:
    """Oneself as a member, and arrangers of the union. Raises Refused."""
    is_own = work.actor.holds((Role.MEMBER,)) and work.actor.subject_key == booking.subject_key
    if not is_own:
        work.check_reach(booking.org_id, contract.ARRANGERS)


@handles(contract.OpenSlot)
def open_slot(work: Work, request: Mapping[str, Any]) -> Slot:
    """Offer a day at a provider."""
    assert work.standing is not None
    programme = work.session.get(Programme, request["programme_id"])
    if programme is None:
        raise Refused("not_found", field="programme_id")
    plan = Plan(
        programme.kind,
        programme.is_open,
        programme.starts_on,
        programme.ends_on,
        reaches_union=work.tree.reaches(work.session, request["union_id"], [programme.union_id]),
    )
    if refusal := may_be_opened(plan, request["held_on"]):
        raise refused(refusal)
    slot = Slot(**request, region_code=work.standing.region_code)
    work.session.add(slot)
    return slot


@handles(contract.BookPeople, on=Slot)
def book_people(work: Work, slot: Slot, request: Mapping[str, Any]) -> dict[str, Any]:
    """Give places to all of a list or to nobody."""
    asked: Sequence[str] = request["subject_keys"]
    there = places.taken_by(work.session, slot.id, asked)
    fresh = _bookable(work, slot, {key: f"subject_keys.{place}" for place, key in enumerate(asked) if key not in there})
    places.book(work.session, slot, fresh)
    return {"slot_id": slot.id, "booked": len(fresh), "already_there": len(asked) - len(fresh)}


@handles(contract.BookMyself, on=Slot)
def book_myself(work: Work, slot: Slot, _request: Mapping[str, Any]) -> Booking:
    """Give a place to the person whom the account is linked to."""
    own = work.actor.subject_key
    if own is None:
        raise Refused("not_a_member")
    if places.taken_by(work.session, slot.id, [own]):
        raise Refused("already_booked")
    places.book(work.session, slot, _bookable(work, slot, {own: None}))
    return places.taken_by(work.session, slot.id, [own])[own]


@handles(contract.RecordAttendances, on=Slot)
def record_attendances(work: Work, slot: Slot, request: Mapping[str, Any]) -> dict[str, Any]:
    """Mark who came; who was marked before stays so."""
    asked: Sequence[str] = request["subject_keys"]
    bookings = places.taken_by(work.session, slot.id, asked)
    for place, key in enumerate(asked):
        if key not in bookings:
            raise Refused("not_booked", field=f"subject_keys.{place}")
    waiting = [booking for booking in bookings.values() if booking.state == BookingState.BOOKED]
    _attend(work, slot, waiting)
    return {"slot_id": slot.id, "attended": len(waiting), "already_there": len(asked) - len(waiting)}


@handles(contract.AttendBooking, on=Booking, first=lock_its_slot)
def attend_booking(work: Work, booking: Booking, _request: Mapping[str, Any]) -> Booking:
    """Mark that one person came."""
    _attend(work, booking.slot, [booking])
    return booking


@handles(contract.CancelBooking, on=Booking, first=lock_its_slot, right=check_right)
def cancel_booking(work: Work, booking: Booking, _request: Mapping[str, Any]) -> Booking:
    """Give the place back, as the person or as an arranger of the union."""
    _take(work, booking, "cancel")
    booking.slot.booked -= 1
    return booking


@handles(contract.VoidAttendance, on=Booking, first=lock_its_slot)
def void_attendance(work: Work, booking: Booking, _request: Mapping[str, Any]) -> Booking:
    """Take an attendance out of every count."""
    _take(work, booking, "void")
    booking.slot.attended -= 1
    booking.slot.booked -= 1
    return booking


def _bookable(work: Work, slot: Slot, asked: Mapping[str, str | None]) -> dict[str, Member]:
    """Who these people are today, each with the field that names them. Raises Refused unless all may have a place."""
    refusal = takes_bookings(slot.held_on, work.today, slot.programme.is_open)
    if refusal := refusal or has_room(slot.quota - slot.booked, len(asked)):
        raise refused(refusal)
    members = members_on(work.session, asked, work.today)
    admitted = admission(work, slot.programme, slot.union_id)
    found = {}
    for key, field in asked.items():
        if key not in members:
            raise Refused("not_yet_known", field=field)
        member = members[key]
        if obstacle := admitted.obstacle(member):
            raise Refused(REFUSALS[obstacle], field=field)
        assert member is not None
        found[key] = member
    return found


def _attend(work: Work, slot: Slot, bookings: Sequence[Booking]) -> None:
    """Mark that these people came, with category and union as they were on that day."""
    members = members_on(work.session, [booking.subject_key for booking in bookings], slot.held_on)
    for booking in bookings:
        # who booked in advance and was no member on the day itself came as who booked
        if member := members.get(booking.subject_key):
            booking.worker_category, booking.union_id = member.worker_category, member.union_id
        booking.attended_by = work.actor.id
        _take(work, booking, "attend")
    slot.attended += len(bookings)


def _take(work: Work, booking: Booking, command: str) -> None:
    facts = Facts(work.actor.id, work.today, booking.on, booking.attended_by)
    taken = step(BOOKING, booking.state, command, facts)
    booking.state = taken.target
    for name in taken.events:
        work.publish(_EVENTS[name], booking)
