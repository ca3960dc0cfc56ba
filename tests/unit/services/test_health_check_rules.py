"""Who may have a place at a health check, and the way of a booking."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from chassis.errors import Refused
from chassis.states import step
from contracts.welfare.grants import Ineligibility
from services.welfare.health_checks.rules import (
    BOOKING,
    REFUSALS,
    Facts,
    Plan,
    has_room,
    may_be_opened,
    takes_bookings,
)

TODAY = date(2023, 6, 1)
ACTOR, MARKER = UUID(int=1), UUID(int=2)
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
    ("days", "is_open", "code"),
    [(0, True, None), (5, True, None), (-1, True, "slot_over"), (0, False, "programme_not_open")],
)
def test_a_day_takes_bookings_until_it_is_over_while_its_programme_is_open(
    days: int, is_open: bool, code: str | None
) -> None:
    assert code_of(takes_bookings(TODAY + timedelta(days=days), TODAY, is_open)) == code


@pytest.mark.parametrize(
    ("places", "asked", "code"), [(2, 2, None), (1, 2, "slot_full"), (0, 0, None), (0, 1, "slot_full")]
)
def test_there_is_room_for_all_or_for_nobody(places: int, asked: int, code: str | None) -> None:
    assert code_of(has_room(places, asked)) == code


def test_whoever_is_not_admitted_to_a_programme_hears_of_it_as_of_a_place() -> None:
    assert REFUSALS.keys() == set(Ineligibility) - {Ineligibility.ALREADY_GRANTED}


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
