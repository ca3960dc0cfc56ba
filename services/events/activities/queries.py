"""Reading activities; `get_activity` is the platform's most frequent read and takes one statement."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
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
    return newest_first(
        reading, select(*COLUMNS), request, _activity.id, _FILTERS, lambda row: view(tuple(row.values()))
    )


_FILTERS: Filters = {
    "kind": lambda _, kind: _activity.kind == kind,
    "state": lambda _, state: _activity.state == state,
    "union": lambda reading, union: _activity.organizer_union_id.in_(reading.tree.below([union])),
    "held_from": lambda _, day: _activity.held_on >= day,
    "held_to": lambda _, day: _activity.held_on <= day,
}


def view(row: Any) -> dict[str, Any]:
    """What `COLUMNS` of an activity's row show, and what can be done next."""
    view = dict(zip(_NAMES, row, strict=True))
    view["actions"] = _ACTIONS[view["state"]]
    return view
