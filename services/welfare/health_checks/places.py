"""The places of a slot in SQL: who has one, and everybody of a list at once."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, select, text
from sqlalchemy.orm import Session

from chassis.member_register import Member
from kernel.ids import new_id
from services.welfare.health_checks.models import Booking, Slot
from services.welfare.health_checks.rules import BOOKING, TAKEN

_HAVE_PLACES = select(Booking).where(
    Booking.slot_id == bindparam("slot_id"),
    Booking.state.in_(TAKEN),
    Booking.subject_key == any_(bindparam("subject_keys", type_=ARRAY(Text))),
)
_BOOK = text(
    """
    INSERT INTO booking (
        id, version, event_sequence, region_code, slot_id, state, subject_key, worker_category, union_id
    )
    SELECT person.id, 1, 0, :region_code, :slot_id, :state, person.subject_key, person.worker_category, person.union_id
    FROM unnest(CAST(:ids AS uuid[]), CAST(:subjects AS text[]), CAST(:categories AS text[]), CAST(:unions AS uuid[]))
        AS person (id, subject_key, worker_category, union_id)
    """
).bindparams(bindparam("slot_id", type_=Booking.slot_id.type))


def taken_by(session: Session, slot_id: UUID, subject_keys: Collection[str]) -> dict[str, Booking]:
    """The bookings of those of these people who have a place."""
    found = session.scalars(_HAVE_PLACES, {"slot_id": slot_id, "subject_keys": list(subject_keys)})
    return {booking.subject_key: booking for booking in found}


def book(session: Session, slot: Slot, members: Mapping[str, Member]) -> None:
    """Give each of these members a place on a slot whose row the caller has locked."""
    session.execute(
        _BOOK,
        {
            "slot_id": slot.id,
            "region_code": slot.region_code,
            "state": BOOKING.initial,
            "ids": [new_id() for _ in members],
            "subjects": list(members),
            "categories": [member.worker_category for member in members.values()],
            "unions": [str(member.union_id) for member in members.values()],
        },
    )
    slot.booked += len(members)
