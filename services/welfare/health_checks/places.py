"""The places of a slot in SQL: who has one, and everybody of a list at once."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from chassis.many_rows import insert_rows
from chassis.member_register import Member
from kernel.ids import new_id
from services.welfare.health_checks.models import Booking, Slot
from services.welfare.health_checks.rules import BOOKING, TAKEN

_HAVE_PLACES = select(Booking).where(
    Booking.slot_id == bindparam("slot_id"),
    Booking.state.in_(TAKEN),
    Booking.subject_key == any_(bindparam("subject_keys", type_=ARRAY(Text))),
)


def taken_by(session: Session, slot_id: UUID, subject_keys: Collection[str]) -> dict[str, Booking]:
    """The bookings of those of these people who have a place."""
    found = session.scalars(_HAVE_PLACES, {"slot_id": slot_id, "subject_keys": list(subject_keys)})
    return {booking.subject_key: booking for booking in found}


def book(session: Session, slot: Slot, members: Mapping[str, Member]) -> None:
    """Give each of these members a place on a slot whose row the caller has locked."""
    rows = [
        {
            "id": UUID(new_id()),
            "version": 1,
            "event_sequence": 0,
            "region_code": slot.region_code,
            "slot_id": slot.id,
            "state": BOOKING.initial,
            "subject_key": subject_key,
            "worker_category": member.worker_category,
            "union_id": member.union_id,
        }
        for subject_key, member in members.items()
    ]
    insert_rows(session.connection(), Booking.__table__, rows)
    slot.booked += len(members)
