"""Who may have a place at a health check, and the way of a booking."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from chassis.errors import Refused
from chassis.member_register import Member
from chassis.states import step
from services.welfare.health_checks.rules import (
    BOOKING,
    Admission,
    Facts,
    Plan,
    has_room,
    may_be_booked,
    may_be_opened,
)

TODAY = date(2023, 6, 1)
ACTOR, MARKER = UUID(int=1), UUID(int=2)
HOME, ELSEWHERE = UUID(int=3), UUID(int=4)
MEMBER = Member(UUID(int=5), HOME, None, "active", "10", True, TODAY, TODAY)
EVERYBODY = Admission(frozenset([HOME]), (), admits_retained=False)
PLAN = Plan("health_check", True, TODAY, TODAY + timedelta(days=1), reaches_union=True)

#: Every step there is: state, command, next state, what is told.
STEPS = [
    ("booked", "attend", "attended", ("health_check_attended",)),
    ("booked", "cancel", "cancelled", ()),
    ("attended", "void", "voided", ("health_check_voided",)),
]


def code_of(refusal: Any) -> str | None:
    return refusal.code if refusal else None


@pytest.mark.parametrize(("state", "command", "target", "events"), STEPS)
def test_each_step_leads_where_the_domain_says(state: str, command: str, target: str, events: tuple[str, ...]) -> None:
    taken = step(BOOKING, state, command, Facts(ACTOR, TODAY, TODAY, MARKER))

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(
    ("state", "command"),
    sorted(
        set(product(["booked", "attended", "cancelled", "voided"], ["attend", "cancel", "void"]))
        - {(state, command) for state, command, _, _ in STEPS}
    ),
)
def test_no_other_step_is_possible(state: str, command: str) -> None:
    with pytest.raises(Refused) as refused:
        step(BOOKING, state, command, Facts(ACTOR, TODAY, TODAY))

    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize(
    ("state", "command", "days", "actor", "code"),
    [
        ("booked", "attend", 1, ACTOR, "date_in_future"),
        ("booked", "cancel", -1, ACTOR, "slot_over"),
        ("attended", "void", -9, MARKER, "maker_is_checker"),
    ],
)
def test_a_guard_refuses_with_its_own_code(state: str, command: str, days: int, actor: UUID, code: str) -> None:
    with pytest.raises(Refused) as refused:
        step(BOOKING, state, command, Facts(actor, TODAY, TODAY + timedelta(days=days), MARKER))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("member", "admission", "code"),
    [
        ({}, {}, None),
        (None, {}, "not_a_member"),
        ({"state": "retained"}, {}, "not_a_member"),
        ({"state": "retained"}, {"admits_retained": True}, None),
        ({"union_id": ELSEWHERE}, {}, "outside_scope"),
        ({"worker_category": "13"}, {"categories": ["10"]}, "category_not_admitted"),
        ({"worker_category": "13"}, {"categories": ["13"]}, None),
    ],
)
def test_a_place_is_for_whom_the_programme_admits(
    member: dict[str, Any] | None, admission: dict[str, Any], code: str | None
) -> None:
    who = None if member is None else replace(MEMBER, **member)

    assert code_of(may_be_booked(who, replace(EVERYBODY, **admission))) == code


@pytest.mark.parametrize(
    ("places", "asked", "days", "code"),
    [(2, 2, 0, None), (1, 2, 0, "slot_full"), (0, 0, 5, None), (0, 1, 5, "slot_full"), (9, 1, -1, "slot_over")],
)
def test_there_is_room_for_all_until_the_day_is_over(places: int, asked: int, days: int, code: str | None) -> None:
    assert code_of(has_room(places, asked, TODAY + timedelta(days=days), TODAY)) == code


@pytest.mark.parametrize(
    ("changes", "days", "code"),
    [
        ({}, 0, None),
        ({}, 1, None),
        ({}, -1, "outside_programme_days"),
        ({}, 2, "outside_programme_days"),
        ({"kind": "winter_relief"}, 0, "not_found"),
        ({"is_open": False}, 0, "programme_not_open"),
        ({"reaches_union": False}, 0, "outside_programme"),
    ],
)
def test_a_day_is_offered_where_the_programme_reaches(changes: dict[str, Any], days: int, code: str | None) -> None:
    assert code_of(may_be_opened(replace(PLAN, **changes), TODAY + timedelta(days=days))) == code
