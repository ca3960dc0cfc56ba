"""Loads the demo year through the public HTTP API only, as an importing officer would."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.accounts import STAFF, Registry, Staff
from demo.client import Client
from demo.plan import FEDERATION, REGION, PlannedActivity, PlannedUnion, Year

#: Called after each step with what was done.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the year became: the federation's id, the clients of its officers, and the ids of its activities."""

    federation_id: str
    staff: Staff
    activities: tuple[str, ...]


def load(url: str, passwords: Mapping[str, str], year: Year, progress: Progress) -> Loaded:
    """Load a year; safe to repeat, for each fact carries a key of its own."""
    registry = Registry(url, passwords)
    federation_id = _federation(registry)
    progress(FEDERATION)
    clients = {username: registry.employ(username, role, federation_id) for username, role, bound in STAFF if bound}
    staff = Staff(clients["zone.officer"], clients["zone.checker"], clients["analyst"])
    unions, activities = [], []
    for planned in year.unions:
        unions.append(_union(staff, federation_id, planned))
        progress(planned.short_name)
    for number, activity in enumerate(year.activities):
        organiser = federation_id if activity.organiser is None else unions[activity.organiser]
        activities.append(hold_study(staff.officer, organiser, activity, f"activity {year.seed} {number}"))
        progress(activity.title)
    return Loaded(federation_id, staff, tuple(activities))


def steps(year: Year) -> int:
    """How often `load` reports progress."""
    return 1 + len(year.unions) + len(year.activities)


def hold_study(officer: Client, organiser: str, planned: PlannedActivity, key: str, *, close: bool = True) -> str:
    """Take one study activity from its draft to its closed list; gives its id."""
    draft = {
        "organizer_union_id": organiser,
        "kind": "study",
        "title": planned.title,
        "theme": planned.theme,
        "carrier": planned.carrier,
        "dimension": "responsibility",
        "starts_at": planned.starts_at.isoformat(),
        "ends_at": planned.ends_at.isoformat(),
    }
    path = f"/v1/activities/{officer.post('/v1/activities', draft, f'{key} draft')['id']}"
    held = {"held_on": planned.starts_at.date().isoformat(), "sessions": planned.sessions}
    walk: Sequence[tuple[str, Mapping[str, Any]]] = (
        ("submit", {}),
        ("approve", {}),
        ("publish", {}),
        ("hold", held),
        ("attendances", {"attendances": _lines(planned)}),
        *([("close", {"evidence_ref": f"签到表 {planned.title}"})] if close else []),
    )
    for step, body in walk:
        officer.post(f"{path}/{step}", body, f"{key} {step}")
    return path.rpartition("/")[2]


def _federation(registry: Registry) -> str:
    username, role, _ = STAFF[0]
    details = {
        "name": FEDERATION,
        "short_name": FEDERATION,
        "region_code": REGION,
        "founded_on": "2012-05-01",
        "approved_on": "2012-05-20",
    }
    federation: Mapping[str, Any] = registry.employ(username, role, None).post("/v1/federations", details, "federation")
    return str(federation["id"])


def _union(staff: Staff, superior_id: str, planned: PlannedUnion) -> str:
    details = {
        "superior_id": superior_id,
        "name": planned.name,
        "short_name": planned.short_name,
        "org_kind": planned.org_kind,
        "founding_mode": planned.founding_mode,
        "workforce": planned.workforce,
        "region_code": REGION,
        "party_cobuilt": True,
        "founded_on": planned.founded_on.isoformat(),
    }
    union = staff.officer.post("/v1/unions", details, f"union {planned.short_name}")
    approval = {"approved_on": planned.approved_on.isoformat()}
    staff.checker.post(f"/v1/unions/{union['id']}/approve", approval, f"approve {planned.short_name}")
    return str(union["id"])


def _lines(planned: PlannedActivity) -> list[dict[str, Any]]:
    return [
        {"subject_key": person, "session_no": session, "worker_category": category}
        for person, session, category in planned.attendances
    ]
