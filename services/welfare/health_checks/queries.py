"""Reading health checks: the days on offer, and who has a place on one of one's unions' days."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
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
    statement = select(*_SLOT).order_by(_slot.id.desc()).limit(request["limit"] + 1)
    if "programme" in request:
        statement = statement.where(_slot.programme_id == request["programme"])
    if "held_from" in request:
        statement = statement.where(_slot.held_on >= request["held_from"])
    if "cursor" in request:
        statement = statement.where(_slot.id < decode_id(request["cursor"]))
    rows = reading.connection.execute(statement).mappings().all()
    return page(rows, request["limit"], lambda row: row["id"])


@handles(contract.ListBookings)
def list_bookings(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of who has or had a place on a day of one's unions."""
    union_id = reading.connection.scalar(_UNION_OF, request)
    if union_id is None:
        raise Refused("not_found")
    standing = reading.tree.standing(reading.connection, union_id, reading.actor.roots(contract.READERS))
    if standing is None or not standing.reached:
        raise Refused("outside_scope")
    statement = select(*_BOOKING).where(_booking.slot_id == request["slot_id"]).order_by(_booking.id.desc())
    if "state" in request:
        statement = statement.where(_booking.state == request["state"])
    if "cursor" in request:
        statement = statement.where(_booking.id < decode_id(request["cursor"]))
    rows = reading.connection.execute(statement.limit(request["limit"] + 1)).mappings()
    views = [{**row, "actions": BOOKING.actions(row["state"])} for row in rows]
    return page(views, request["limit"], lambda row: row["id"])
