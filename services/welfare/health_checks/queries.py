"""Reading health checks: the days on offer, and who has a place on one of one's unions' days."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.welfare import health_checks as contract
from services.welfare.health_checks.models import Booking, Slot
from services.welfare.health_checks.rules import BOOKING

_slot, _booking = Slot.__table__.c, Booking.__table__.c
_SLOT = [_slot[name] for name in contract.SlotView._declared_fields]
_BOOKING = [_booking[name] for name in contract.BookingView._declared_fields if name in _booking]
_UNION_OF = select(_slot.union_id).where(_slot.id == bindparam("slot_id"))


@handles(contract.ListSlots)
def list_slots(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of days, newest first."""
    return newest_first(reading, select(*_SLOT), request, _slot.id, _SLOT_FILTERS)


@handles(contract.ListBookings)
def list_bookings(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of who has or had a place on a day of one's unions."""
    union_id = reading.connection.scalar(_UNION_OF, request)
    if union_id is None:
        raise Refused("not_found")
    reading.check_reach(union_id, contract.READERS)
    statement = select(*_BOOKING).where(_booking.slot_id == request["slot_id"])
    return newest_first(reading, statement, request, _booking.id, _BOOKING_FILTERS, _booking_view)


_SLOT_FILTERS: Filters = {
    "programme": lambda _, programme: _slot.programme_id == programme,
    "held_from": lambda _, day: _slot.held_on >= day,
}
_BOOKING_FILTERS: Filters = {"state": lambda _, state: _booking.state == state}


def _booking_view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": BOOKING.actions(row["state"])}
