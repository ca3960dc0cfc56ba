"""Works out from the answers that clients got what the services must hold: the other side of the ledger."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.declare import Kind
from contracts.events import activities, registrations
from contracts.membership import applications, imports
from contracts.schema import Schema
from contracts.welfare import batches, health_checks
from tests.support.ledger import Ledger
from tests.support.tables import TABLES
from tests.support.telling import told_by

Row = dict[str, Any]


@dataclass
class Told:
    """What clients were told: the rows that exist, what was counted, and the events that tell of it all."""

    #: Keys with their replies, by service.
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The last view of each row, by table.
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    #: Number of commands that changed a row, which is its version.
    changes: Counter[str] = field(default_factory=Counter)
    #: Of each union, activity, list and day, its lines: members, attendances, registrations, benefits and bookings, by
    #: what they are.
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    #: How often each type of event was told of each aggregate, or of what stands for many of them, by service.
    events: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    #: The union of each import.
    imports: dict[str, str] = field(default_factory=dict)

    def count(self, owner: str, **numbers: int) -> None:
        """Add to the lines of a union, an activity, a list or a day."""
        self.counts.setdefault(owner, Counter()).update(numbers)


def told(ledger: Ledger) -> Told:
    """Read a ledger whose requests are all answered."""
    result = Told()
    for operation, key, payload, reply in ledger.accepted():
        if operation.keyed:
            result.replies.setdefault(operation.service, {})[key] = reply
        events = told_by(operation.request, payload, reply, result)
        result.events.setdefault(operation.service, Counter()).update(events)
        if reader := _READERS.get(operation.request):
            reader(result, payload, reply)
        if table := TABLES.get(operation.reply) if operation.reply else None:
            result.rows.setdefault(table.name, {})[reply["id"]] = reply
            result.changes[reply["id"]] += operation.kind is Kind.COMMAND
    return result


def _joined(result: Told, _: Row, reply: Row) -> None:
    result.count(reply["union_id"], applied=1)


def _import_begun(result: Told, payload: Row, reply: Row) -> None:
    result.imports[reply["id"]] = payload["union_id"]


def _import_ended(result: Told, payload: Row, reply: Row) -> None:
    joined = reply["result"]["joined"] + reply["result"]["retained"]
    result.count(result.imports[payload["import_id"]], imported=joined)


def _attended(result: Told, payload: Row, reply: Row) -> None:
    result.changes[payload["activity_id"]] += bool(reply["added"])
    result.count(payload["activity_id"], attendances=reply["added"])


def _registered(result: Told, payload: Row, reply: Row) -> None:
    result.count(payload["activity_id"], confirmed=reply["confirmed"], waitlisted=reply["waitlisted"])


def _given_back(result: Told, _: Row, reply: Row) -> None:
    """A place, for a load gives nothing else back: the first who waits gets it."""
    waits = result.counts[reply["activity_id"]]["waitlisted"] > 0
    result.count(reply["activity_id"], cancelled=1, confirmed=waits - 1, waitlisted=-waits)


def _called_off(result: Told, payload: Row, _: Row) -> None:
    counts = result.counts.setdefault(payload["activity_id"], Counter())
    counts["cancelled"] += counts["confirmed"] + counts["waitlisted"]
    counts["confirmed"] = counts["waitlisted"] = 0


def _closed(result: Told, _: Row, reply: Row) -> None:
    """Who had a place came or did not; who waited to the end goes on waiting."""
    if places := result.counts[reply["id"]]["confirmed"]:
        came = reply["distinct_subjects"]
        result.count(reply["id"], confirmed=-places, attended=came, no_show=places - came)


def _listed(result: Told, payload: Row, reply: Row) -> None:
    result.count(payload["batch_id"], size=reply["added"])


def _booked(result: Told, payload: Row, reply: Row) -> None:
    result.count(payload["slot_id"], booked=reply["booked"])


def _came(result: Told, payload: Row, reply: Row) -> None:
    result.count(payload["slot_id"], booked=-reply["attended"], attended=reply["attended"])


def _one_came(result: Told, _: Row, reply: Row) -> None:
    result.count(reply["slot_id"], booked=-1, attended=1)


def _place_given_back(result: Told, _: Row, reply: Row) -> None:
    result.count(reply["slot_id"], booked=-1, cancelled=1)


def _voided(result: Told, _: Row, reply: Row) -> None:
    result.count(reply["slot_id"], attended=-1, voided=1)


_READERS: Mapping[type[Schema], Callable[[Told, Any, Any], None]] = {
    applications.ApproveApplication: _joined,
    imports.ImportMembers: _import_begun,
    imports.GetImport: _import_ended,
    activities.RecordAttendance: _attended,
    activities.CancelActivity: _called_off,
    activities.CloseActivity: _closed,
    registrations.RegisterPeople: _registered,
    registrations.CancelRegistration: _given_back,
    batches.AddLines: _listed,
    health_checks.BookPeople: _booked,
    health_checks.RecordAttendances: _came,
    health_checks.AttendBooking: _one_came,
    health_checks.CancelBooking: _place_given_back,
    health_checks.VoidAttendance: _voided,
}
