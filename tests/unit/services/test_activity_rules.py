"""The way of an activity, step by step and in any order."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from chassis.states import step
from services.events.activities.rules import ACTIVITY, Facts, may_be_drafted

TODAY = date(2023, 9, 30)
MAKER, CHECKER = UUID(int=1), UUID(int=2)
START = datetime(2023, 3, 1, 19, tzinfo=UTC)

#: Every step there is: state, command, next state, what is told.
STEPS = [
    ("draft", "submit", "submitted", ()),
    ("draft", "cancel", "cancelled", ()),
    ("submitted", "approve", "approved", ()),
    ("submitted", "cancel", "cancelled", ()),
    ("approved", "publish", "open", ("activity_published",)),
    ("approved", "cancel", "cancelled", ()),
    ("open", "hold", "held", ("activity_held",)),
    ("open", "cancel", "cancelled", ("activity_cancelled",)),
    ("held", "record_attendance", "held", ()),
    ("held", "close", "closed", ("activity_closed", "activity_attended")),
    ("closed", "correct", "closed", ("activity_corrected",)),
    ("closed", "void", "voided", ("activity_voided",)),
]
STATES = ["draft", "submitted", "approved", "open", "held", "closed", "cancelled", "voided"]
COMMANDS = sorted({command for _, command, _, _ in STEPS})


def facts(**changes: object) -> Facts:
    usual = {"today": TODAY, "actor_id": CHECKER, "starts_on": TODAY, "held_on": TODAY, "sessions": 2, "attendances": 1}
    return Facts(**(usual | {"closed_by": MAKER, "last_session": 2} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "command", "target", "events"), STEPS)
def test_each_step_leads_where_the_domain_says(state: str, command: str, target: str, events: tuple[str, ...]) -> None:
    taken = step(ACTIVITY, state, command, facts())

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(
    ("state", "command"), sorted(set(product(STATES, COMMANDS)) - {(state, command) for state, command, _, _ in STEPS})
)
def test_no_other_step_is_possible(state: str, command: str) -> None:
    with pytest.raises(Refused) as refused:
        step(ACTIVITY, state, command, facts())

    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize("state", STATES)
def test_the_actions_of_a_state_are_its_steps(state: str) -> None:
    assert sorted(ACTIVITY.actions(state)) == sorted(command for source, command, _, _ in STEPS if source == state)


@pytest.mark.parametrize(
    ("state", "command", "changes", "code"),
    [
        ("open", "hold", {"held_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ("open", "hold", {"held_on": TODAY - timedelta(days=32)}, "held_before_plan"),
        ("held", "record_attendance", {"last_session": 3}, "no_such_session"),
        ("held", "close", {"attendances": 0}, "no_attendance"),
        ("closed", "correct", {"actor_id": MAKER}, "maker_is_checker"),
        ("closed", "correct", {"held_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ("closed", "correct", {"last_session": 3}, "sessions_below_attendance"),
        ("closed", "void", {"actor_id": MAKER}, "maker_is_checker"),
    ],
)
def test_a_guard_refuses_with_its_own_code(state: str, command: str, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        step(ACTIVITY, state, command, facts(**changes))

    assert refused.value.code == code


def test_a_day_that_has_not_come_is_refused_with_the_day_that_is_today() -> None:
    with pytest.raises(Refused) as refused:
        step(ACTIVITY, "open", "hold", facts(held_on=TODAY + timedelta(days=1)))

    assert refused.value.params == {"today": TODAY.isoformat()}


@pytest.mark.parametrize("days", [31, 0, -400])
def test_an_activity_is_held_from_31_days_before_its_plan_until_long_after(days: int) -> None:
    taken = step(ACTIVITY, "open", "hold", facts(starts_on=TODAY + timedelta(days=days)))

    assert taken.target == "held"


@pytest.mark.parametrize(("state", "possible"), [("held", "record_attendance, close"), ("voided", "–")])
def test_a_step_that_the_state_does_not_allow_is_refused_with_those_it_does(state: str, possible: str) -> None:
    with pytest.raises(Refused) as refused:
        step(ACTIVITY, state, "submit", facts())

    assert refused.value.params == {"state": state, "possible": possible}


@pytest.mark.parametrize(
    ("union_state", "minutes", "code"),
    [
        ("approved", 1, None),
        ("approved", 0, "ends_before_start"),
        ("approved", -1, "ends_before_start"),
        ("awaiting_approval", 1, "union_not_approved"),
    ],
)
def test_an_approved_union_drafts_what_ends_after_it_starts(union_state: str, minutes: int, code: str | None) -> None:
    refusal = may_be_drafted(union_state, START, START + timedelta(minutes=minutes))

    assert (refusal.code if refusal else None) == code


@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.booleans(), st.integers(-1, 1), st.integers(0, 3))))
def test_no_sequence_of_commands_makes_a_voided_or_cancelled_activity_count(
    commands: list[tuple[str, bool, int, int]],
) -> None:
    state, ended = ACTIVITY.initial, False
    for command, by_maker, days, people in commands:
        asked = facts(actor_id=MAKER if by_maker else CHECKER, held_on=TODAY + timedelta(days=days), attendances=people)
        try:
            state = step(ACTIVITY, state, command, asked).target
        except Refused:
            continue
        assert not ended
        ended = state in {"voided", "cancelled"}


@given(st.sampled_from(STATES), st.sampled_from(COMMANDS), st.integers(-3, 3), st.integers(0, 3))
def test_nothing_is_held_or_corrected_to_a_day_that_has_not_come(
    state: str, command: str, days: int, last_session: int
) -> None:
    day = TODAY + timedelta(days=days)
    try:
        taken = step(ACTIVITY, state, command, facts(held_on=day, last_session=last_session))
    except Refused:
        return
    assert day <= TODAY or taken.command not in {"hold", "correct"}
