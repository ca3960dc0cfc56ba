"""Takes programmes of welfare and their lists from the draft to the audit, each step by whoever may take it."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from demo.client import Client
from demo.loading import batches
from demo.loading.desk import Desk, Task
from demo.year.programmes import PlannedProgramme

#: What the programmes follow.
_POLICY = "2022-03"


def approvals(desk: Desk, day: date) -> Iterator[Task]:
    """The programmes that are approved or opened on a day, before anything is given."""
    for number, planned in enumerate(desk.year.programmes):
        if day in (planned.approved_on, planned.opened_on):
            yield partial(_begin, desk, planned, day, desk.key("programme", number))


def tasks(desk: Desk, day: date) -> Iterator[Task]:
    """The steps of lists on a day; a programme is closed after them."""
    for number, planned in enumerate(desk.year.programmes):
        key = desk.key("programme", number)
        for place, batch in enumerate(planned.batches):
            if day in batches.days(batch):
                yield partial(batches.advance, desk, planned, batch, day, f"{key} {place}")
        if day == planned.closed_on:
            yield partial(_end, desk, planned, key)


def _begin(desk: Desk, planned: PlannedProgramme, day: date, key: str) -> None:
    if day == planned.approved_on:
        desk.ids[planned] = _approved(desk, planned, key)
    if day == planned.opened_on:
        _step(desk.staff.officer, desk, planned, "open", {}, key)


def _approved(desk: Desk, planned: PlannedProgramme, key: str) -> str:
    details = {
        "union_id": desk.unions[0],
        "kind": planned.kind,
        "form": planned.form,
        "name": planned.name,
        "year": planned.year,
        "starts_on": planned.starts_on.isoformat(),
        "ends_on": planned.ends_on.isoformat(),
        "budget_fen": planned.budget_fen,
        "fund_source": planned.fund_source,
        "policy_version": _POLICY,
    }
    programme_id: str = desk.staff.officer.post("/v1/programmes", details, key)["id"]
    path, resolution = f"/v1/programmes/{programme_id}", {"resolution_ref": f"会议纪要 {planned.approved_on}"}
    desk.staff.officer.post(f"{path}/submit", {}, f"{key} submit")
    desk.officials.audit.post(f"{path}/opinion", {"opinion": "supported"}, f"{key} opinion")
    desk.staff.leader.post(f"{path}/approve", resolution, f"{key} approve")
    return programme_id


def _end(desk: Desk, planned: PlannedProgramme, key: str) -> None:
    _step(desk.staff.officer, desk, planned, "close", {}, key)
    _step(desk.officials.finance, desk, planned, "settle", {}, key)
    _step(desk.officials.audit, desk, planned, "audit", {"resolution_ref": f"经审意见 {planned.closed_on}"}, key)


def _step(
    client: Client, desk: Desk, planned: PlannedProgramme, step: str, body: Mapping[str, object], key: str
) -> None:
    client.post(f"/v1/programmes/{desk.ids[planned]}/{step}", body, f"{key} {step}")
