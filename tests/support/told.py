"""Works out from the answers that clients got what the services must hold: the other side of the ledger."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.declare import Event, Request
from contracts.events import activities
from contracts.membership import organisation
from tests.support.ledger import Ledger

#: The events that each command tells once, beside what closing tells of people.
_TELLS: Mapping[type[Request], tuple[type[Event], ...]] = {
    organisation.RegisterFederation: (organisation.UnionFounded, organisation.UnionApproved),
    organisation.FoundUnion: (organisation.UnionFounded,),
    organisation.ApproveUnion: (organisation.UnionApproved,),
    activities.PublishActivity: (activities.ActivityPublished,),
    activities.HoldActivity: (activities.ActivityHeld,),
    activities.CloseActivity: (activities.ActivityClosed,),
    activities.CorrectActivity: (activities.ActivityCorrected,),
    activities.VoidActivity: (activities.ActivityVoided,),
    activities.CancelActivity: (activities.ActivityCancelled,),
}


@dataclass
class Told:
    """What clients were told: the unions and activities that exist, and the events that tell of them."""

    #: Keys with their replies, by service.
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: State of each union.
    unions: dict[str, str] = field(default_factory=dict)
    #: State, number of commands that changed it (which is its version), and attendances of each activity.
    activities: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    #: How often each aggregate has told each type of event, by service.
    events: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)


def told(ledger: Ledger) -> Told:
    """Read a ledger whose requests are all answered."""
    result = Told()
    for operation, key, payload, reply in ledger.accepted():
        if operation.keyed:
            result.replies.setdefault(operation.service, {})[key] = reply
        if reader := _READERS.get(operation.service):
            reader(result, operation.request, payload, reply)
        told_events = result.events.setdefault(operation.service, Counter())
        told_events.update(_events(operation.request, result, payload, reply))
    return result


def _read_membership(result: Told, _: Any, __: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
    result.unions[reply["id"]] = reply["state"]


def _read_events(result: Told, request: Any, payload: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
    if request is activities.RecordAttendance:
        state, version, attendances = result.activities[payload["activity_id"]]
        changed = bool(reply["added"])
        result.activities[payload["activity_id"]] = (state, version + changed, attendances + reply["added"])
    else:
        _, version, attendances = result.activities.get(reply["id"], ("", 0, 0))
        result.activities[reply["id"]] = (reply["state"], version + 1, attendances)


_READERS: Mapping[str, Callable[..., None]] = {"membership": _read_membership, "events": _read_events}


def _events(
    request: Any, result: Told, payload: Mapping[str, Any], reply: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for event in _TELLS.get(request, ()):
        yield reply["id"], event.event_type.type
    if request is activities.CloseActivity:
        *_, attendances = result.activities[payload["activity_id"]]
        yield from [(reply["id"], activities.ActivityAttended.event_type.type)] * attendances
