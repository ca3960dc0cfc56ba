"""Opens days of health checks, books people and marks who came; one mark is voided."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from contracts.welfare.programmes import ProgrammeKind
from demo.loading.desk import Desk, Task
from demo.year.activities import before
from demo.year.health_checks import PROVIDER, PlannedSlot, provider_id
from demo.year.programmes import PlannedProgramme


def tasks(desk: Desk, day: date) -> Iterator[Task]:
    """The days that are opened and booked on a day, and those that take place."""
    for number, planned in enumerate(desk.year.slots):
        if before(planned.held_on) == day:
            yield partial(_open, desk, planned, desk.key("slot", number))
        if planned.held_on == day:
            yield partial(_examine, desk, planned, desk.key("slot", number))


def _programme(desk: Desk, planned: PlannedSlot) -> PlannedProgramme:
    """The programme of the slot's year."""
    of_year = ProgrammeKind.HEALTH_CHECK, planned.year
    return next(programme for programme in desk.year.programmes if (programme.kind, programme.year) == of_year)


def _open(desk: Desk, planned: PlannedSlot, key: str) -> None:
    details = {
        "programme_id": desk.ids[_programme(desk, planned)],
        "union_id": desk.unions[0],
        "provider_id": provider_id(desk.year.place),
        "provider_name": f"{desk.year.place}{PROVIDER}",
        "held_on": planned.held_on.isoformat(),
        "quota": planned.quota,
    }
    slot = desk.staff.officer.post("/v1/health-checks/slots", details, f"{key} open")
    people = {"subject_keys": desk.subjects(planned.booked)}
    desk.staff.officer.post(f"/v1/health-checks/slots/{slot['id']}/bookings", people, f"{key} book")
    desk.ids[planned] = slot["id"]


def _examine(desk: Desk, planned: PlannedSlot, key: str) -> None:
    path = f"/v1/health-checks/slots/{desk.ids[planned]}"
    people = {"subject_keys": desk.subjects((*planned.attended, *planned.mistaken))}
    desk.staff.officer.post(f"{path}/attendances", people, f"{key} attend")
    for subject_key in desk.subjects(planned.mistaken):
        (booking,) = (
            booking for booking in desk.staff.checker.all(f"{path}/bookings") if booking["subject_key"] == subject_key
        )
        desk.staff.checker.post(f"/v1/bookings/{booking['id']}/void", {}, f"{key} void {subject_key}")
