"""Takes a list of a programme from its first line to the last receipt, each step on its day."""

from collections.abc import Iterable, Mapping
from datetime import date

from demo.client import Client
from demo.loading.desk import Desk
from demo.year.programmes import PlannedBatch, PlannedProgramme


def days(planned: PlannedBatch) -> set[date | None]:
    """The days on which something is done."""
    return {planned.frozen_on, planned.issued_on, planned.received_on, planned.reversed_on}


def advance(desk: Desk, programme: PlannedProgramme, planned: PlannedBatch, day: date, key: str) -> None:
    """Take the steps of a day."""
    if day == planned.frozen_on:
        desk.ids[planned] = _frozen(desk, desk.ids[programme], planned, key)
    path = f"/v1/batches/{desk.ids[planned]}"
    if planned.issued_on is None:
        desk.staff.officer.post(f"{path}/cancel", {}, f"{key} cancel")
    if day == planned.issued_on:
        looked_at = {"list_hash": desk.staff.leader.get(path)["list_hash"]}
        desk.staff.leader.post(f"{path}/approve", looked_at, f"{key} approve")
        desk.staff.officer.post(f"{path}/issue", {}, f"{key} issue")
    if day == planned.received_on:
        _receive(desk, path, planned, day, key)
    if day == planned.reversed_on:
        mistaken = desk.subjects(planned.reversed)
        _each(desk.officials.finance, path, "ask-reversal", mistaken, {"reason": "wrong_person"}, key)
        _each(desk.staff.leader, path, "reverse", mistaken, {}, key)


def _frozen(desk: Desk, programme_id: str, planned: PlannedBatch, key: str) -> str:
    """Make the list; gives its id."""
    details = {"union_id": desk.unions[0], "name": planned.name}
    batch_id: str = desk.staff.officer.post(f"/v1/programmes/{programme_id}/batches", details, key)["id"]
    path = f"/v1/batches/{batch_id}"
    lines = [
        {"subject_key": subject_key, "item": planned.item, "amount_fen": planned.amount_fen}
        for subject_key in desk.subjects(planned.people)
    ]
    desk.staff.officer.post(f"{path}/lines", {"lines": lines}, f"{key} lines")
    desk.staff.officer.post(f"{path}/freeze", {}, f"{key} freeze")
    return batch_id


def _receive(desk: Desk, path: str, planned: PlannedBatch, day: date, key: str) -> None:
    receipts = {
        "subject_keys": desk.subjects(planned.received),
        "received_on": day.isoformat(),
        "receipt_ref": f"签收表 {planned.name}",
    }
    desk.staff.officer.post(f"{path}/receipts", receipts, f"{key} receipts")
    _each(desk.staff.officer, path, "return", desk.subjects(planned.returned), {"reason": "not_collected"}, key)


def _each(client: Client, path: str, step: str, subject_keys: Iterable[str], body: Mapping[str, str], key: str) -> None:
    """Take one step with the benefits of some people."""
    wanted = set(subject_keys)
    for benefit in client.all(f"{path}/benefits") if wanted else ():
        if benefit["subject_key"] in wanted:
            client.post(f"/v1/benefits/{benefit['id']}/{step}", body, f"{key} {step} {benefit['id']}")
