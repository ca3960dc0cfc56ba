"""Reading activities; `get_activity` is the platform's most frequent read and takes one statement."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.events import activities as contract
from services.events.activities.models import Activity
from services.events.activities.rules import ACTIVITY

_activity = Activity.__table__.c
#: The columns that the view shows, in its order.
_NAMES = tuple(name for name in contract.ActivityView._declared_fields if name in _activity)
COLUMNS = tuple(_activity[name] for name in _NAMES)
_ONE = select(*COLUMNS).where(_activity.id == bindparam("activity_id"))
#: What can be done next in each state.
_ACTIONS = {state: ACTIVITY.actions(state) for state in ACTIVITY.states}


@handles(contract.GetActivity)
def get_activity(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One activity by its id."""
    row = reading.connection.execute(_ONE, request).first()
    if row is None:
        raise Refused("not_found")
    return view(row)


@handles(contract.ListActivities)
def list_activities(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of activities, newest first."""
    statement = select(*COLUMNS).order_by(_activity.id.desc()).limit(request["limit"] + 1)
    asked = [_FILTERS[name](reading, value) for name, value in request.items() if name in _FILTERS]
    rows = [view(row) for row in reading.connection.execute(statement.where(*asked))]
    return page(rows, request["limit"], lambda row: row["id"])


_FILTERS: Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]] = {
    "kind": lambda _, kind: _activity.kind == kind,
    "state": lambda _, state: _activity.state == state,
    "union": lambda reading, union: _activity.organizer_union_id.in_(reading.tree.below([union])),
    "held_from": lambda _, day: _activity.held_on >= day,
    "held_to": lambda _, day: _activity.held_on <= day,
    "cursor": lambda _, cursor: _activity.id < decode_id(cursor),
}


def view(row: Any) -> dict[str, Any]:
    """What `COLUMNS` of an activity's row show, and what can be done next."""
    view = dict(zip(_NAMES, row, strict=True))
    view["actions"] = _ACTIONS[view["state"]]
    return view
