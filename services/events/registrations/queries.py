"""Reading the registrations of an activity, in the order in which people came."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import bad_cursor, decode, page
from chassis.work import Reading
from contracts.events import registrations as contract
from contracts.events.activities import ORGANISERS
from contracts.fields import MAX_INTEGER
from services.events.activities.models import Activity
from services.events.registrations.models import Registration
from services.events.registrations.rules import actions

_registration = Registration.__table__.c
_ORGANISER = select(Activity.organizer_union_id).where(Activity.id == bindparam("activity_id"))


@handles(contract.ListRegistrations)
def list_registrations(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of the list of an activity that one's union, or one below it, organises."""
    organiser = reading.connection.scalar(_ORGANISER, request)
    if organiser is None:
        raise Refused("not_found")
    reading.check_reach(organiser, ORGANISERS)
    statement = select(*_registration).where(_registration.activity_id == request["activity_id"])
    if "state" in request:
        statement = statement.where(_registration.state == request["state"])
    if "cursor" in request:
        statement = statement.where(_registration.number > _number(request["cursor"]))
    statement = statement.order_by(_registration.number).limit(request["limit"] + 1)
    rows = reading.connection.execute(statement).mappings()
    shown = [{**row, "actions": actions(row["state"])} for row in rows]
    return page(shown, request["limit"], lambda row: row["number"])


def _number(cursor: str) -> int:
    """The number of the last registration that was shown."""
    number = decode(cursor)
    if not (number.isascii() and number.isdigit() and int(number) <= MAX_INTEGER):
        raise bad_cursor()
    return int(number)
