"""Registers the firms, founds the unions and approves them."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from contracts.membership.organisation import OrgKind
from demo.loading.desk import Desk, Task
from demo.year.days import BEGINNING
from demo.year.enterprises import COUNTED_ON, PlannedEnterprise, is_above_scale, size_of
from demo.year.identifiers import REGION
from demo.year.unions import PlannedUnion

#: Members among the staff of a firm, and of the staff of one without members so far.
_DENSITY, _SMALLEST = 0.8, 25


def enterprises(desk: Desk, day: date) -> Iterator[Task]:
    """All firms, on the first day."""
    if day == BEGINNING:
        members = [0] * len(desk.year.enterprises)
        for person in desk.year.people:
            if person.membership.enterprise is not None:
                members[person.membership.enterprise] += 1
        for planned in desk.year.enterprises:
            staff = max(_SMALLEST, planned.staff(members[planned.number], _DENSITY))
            yield partial(_register, desk, planned, staff)


def above(desk: Desk, day: date) -> Iterator[Task]:
    """The unions that unite unions, so that others can be founded below them."""
    return (partial(_found, desk, union) for union in _recorded(desk, day) if not union.enterprises)


def below(desk: Desk, day: date) -> Iterator[Task]:
    """The unions of firms that are founded on a day, or were before the first."""
    return (partial(_found, desk, union) for union in _recorded(desk, day) if union.enterprises)


def approvals(desk: Desk, day: date) -> Iterator[Task]:
    """What is decided on a later day than it was founded on."""
    return (
        partial(_approve, desk, union) for union in desk.year.unions if union.approved_on == day != union.founded_on
    )


def _recorded(desk: Desk, day: date) -> Iterator[PlannedUnion]:
    for union in desk.year.unions[1:]:
        if (BEGINNING if union.is_old else union.founded_on) == day:
            yield union


def _register(desk: Desk, planned: PlannedEnterprise, staff: int) -> None:
    details = {
        "federation_id": desk.unions[0],
        "uscc": planned.uscc,
        "name": planned.name,
        "short_name": planned.short_name,
        "region_code": REGION,
        "park": planned.park,
        "industry_code": planned.trade.code,
        "size": size_of(staff),
        "above_scale": is_above_scale(planned.trade, staff),
        "staff": staff,
        "women": staff * planned.trade.women // 100,
        "counted_on": COUNTED_ON.isoformat(),
    }
    made = desk.staff.importer.post("/v1/enterprises", details, desk.key("enterprise", planned.number))
    desk.enterprises[planned.number] = made["id"]


def _found(desk: Desk, planned: PlannedUnion) -> None:
    assert planned.superior is not None
    assert planned.org_kind is not OrgKind.FEDERATION
    details = {
        "superior_id": desk.unions[planned.superior],
        "name": planned.name,
        "short_name": planned.short_name,
        "org_kind": planned.org_kind,
        "founding_mode": planned.founding_mode,
        "workforce": planned.workforce,
        "region_code": REGION,
        "party_cobuilt": planned.party_cobuilt,
        "founded_on": planned.founded_on.isoformat(),
        "enterprise_ids": [desk.enterprises[number] for number in planned.enterprises],
    }
    made = desk.staff.officer.post("/v1/unions", details, desk.key("union", planned.number))
    desk.unions[planned.number] = made["id"]
    if planned.is_old or planned.approved_on == planned.founded_on:
        _approve(desk, planned)


def _approve(desk: Desk, planned: PlannedUnion) -> None:
    assert planned.approved_on is not None
    path = f"/v1/unions/{desk.unions[planned.number]}/approve"
    approval = {"approved_on": planned.approved_on.isoformat()}
    desk.staff.checker.post(path, approval, desk.key("approve union", planned.number))
