"""Takes study activities and contests from their drafts to the state in which they stay."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from contracts.events.activities import ActivityKind, ActivityState
from demo.client import Client
from demo.loading.desk import Desk, Task
from demo.year.activities import PlannedActivity
from demo.year.contests import TIERS
from demo.year.days import LATER_JOINS

#: Since when the federation has its tiers.
_TIERS_SINCE = "2020-01-01"
#: An attendance as the API takes it.
Line = Mapping[str, object]


def tiers(desk: Desk, day: date) -> Iterator[Task]:
    """The federation's tiers of contests, before the first contest."""
    if day == LATER_JOINS:
        for code, name in TIERS.items():
            yield partial(_add_tier, desk, code, name)


def tasks(desk: Desk, day: date) -> Iterator[Task]:
    """What is announced on a day, and what takes place."""
    for number, planned in enumerate(desk.year.activities):
        if planned.published_on == day:
            yield partial(_announce, desk, planned, desk.key("activity", number))
        if planned.held_on == day:
            yield partial(_carry_out, desk, planned, desk.key("activity", number))


def announce(officer: Client, organiser: str, planned: PlannedActivity, key: str) -> str:
    """Draft an activity, have it approved and announce it; gives its id."""
    draft = {
        "organizer_union_id": organiser,
        "kind": planned.kind,
        "title": planned.title,
        "theme": planned.theme,
        "carrier": planned.carrier,
        "tier": planned.tier,
        "dimension": planned.dimension,
        "starts_at": planned.starts_at.isoformat(),
        "ends_at": planned.ends_at.isoformat(),
        "quota": planned.quota,
    }
    activity: Mapping[str, Any] = officer.post("/v1/activities", draft, f"{key} draft")
    for step in ("submit", "approve", "publish"):
        officer.post(f"/v1/activities/{activity['id']}/{step}", {}, f"{key} {step}")
    return str(activity["id"])


def hold(
    officer: Client, activity_id: str, planned: PlannedActivity, lines: Sequence[Line], key: str, *, close: bool = True
) -> None:
    """Record that an announced activity took place and who came, and close its list."""
    held = {"held_on": planned.held_on.isoformat(), "sessions": planned.sessions}
    walk: Sequence[tuple[str, Mapping[str, Any]]] = (
        ("hold", held),
        ("attendances", {"attendances": lines}),
        *([("close", {"evidence_ref": f"签到表 {planned.title}"})] if close else []),
    )
    for step, body in walk:
        officer.post(f"/v1/activities/{activity_id}/{step}", body, f"{key} {step}")


def _add_tier(desk: Desk, code: str, name: Mapping[str, str]) -> None:
    details = {"union_id": desk.unions[0], "code": code, "name": name, "valid_from": _TIERS_SINCE}
    desk.staff.officer.post("/v1/contest-tiers", details, desk.key("tier", code))


def _announce(desk: Desk, planned: PlannedActivity, key: str) -> None:
    activity_id = announce(desk.staff.officer, desk.unions[planned.organiser], planned, key)
    if planned.kind is ActivityKind.COMPETITION:
        people = {"subject_keys": desk.subjects(planned.registered)}
        desk.staff.officer.post(f"/v1/activities/{activity_id}/registrations", people, f"{key} register")
    desk.ids[planned] = activity_id


def _carry_out(desk: Desk, planned: PlannedActivity, key: str) -> None:
    path, officer = f"/v1/activities/{desk.ids[planned]}", desk.staff.officer
    if planned.end is ActivityState.CANCELLED:
        officer.post(f"{path}/cancel", {"reason": "too_few"}, f"{key} cancel")
        return
    lines = [
        {"subject_key": desk.members[person].subject_key, "session_no": session}
        for person, session in planned.attendances
    ]
    hold(officer, desk.ids[planned], planned, lines, key, close=planned.end is not ActivityState.HELD)
    if planned.end is ActivityState.VOIDED:
        desk.staff.checker.post(f"{path}/void", {"reason_code": "recorded_twice"}, f"{key} void")
