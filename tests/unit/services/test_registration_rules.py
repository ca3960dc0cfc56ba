"""The way of a registration, step by step and in any order, and what each kind of activity takes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from chassis.states import step
from contracts.events.activities import ActivityKind, ActivityState
from contracts.events.registrations import RegistrationState
from services.events.activities.rules import KINDS, names_its_tier
from services.events.registrations.rules import REGISTRATION, Facts, actions, entry

OPEN = Facts(ActivityKind.COMPETITION, ActivityState.OPEN)

#: Every step there is: state, command, next state, what is told.
STEPS = [
    ("new", "register", "confirmed", ("registration_confirmed",)),
    ("new", "wait", "waitlisted", ("registration_waitlisted",)),
    ("waitlisted", "promote", "confirmed", ("registration_promoted",)),
    ("confirmed", "cancel", "cancelled", ("registration_cancelled",)),
    ("waitlisted", "cancel", "cancelled", ("registration_cancelled",)),
    ("confirmed", "call_off", "cancelled", ("registration_cancelled",)),
    ("waitlisted", "call_off", "cancelled", ("registration_cancelled",)),
    ("confirmed", "attend", "attended", ()),
    ("waitlisted", "attend", "attended", ()),
    ("confirmed", "miss", "no_show", ()),
]
STATES = ["new", *RegistrationState]
COMMANDS = sorted({command for _, command, _, _ in STEPS})


@pytest.mark.parametrize(("state", "command", "target", "events"), STEPS)
def test_each_step_leads_where_the_domain_says(state: str, command: str, target: str, events: tuple[str, ...]) -> None:
    taken = step(REGISTRATION, state, command, OPEN)

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(
    ("state", "command"), sorted(set(product(STATES, COMMANDS)) - {(state, command) for state, command, _, _ in STEPS})
)
def test_no_other_step_is_possible(state: str, command: str) -> None:
    with pytest.raises(Refused) as refused:
        step(REGISTRATION, state, command, OPEN)

    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize("activity_state", list(ActivityState))
@pytest.mark.parametrize(("kind", "registered"), [("competition", True), ("study", False)])
@pytest.mark.parametrize(("state", "command"), [("new", "register"), ("new", "wait"), ("confirmed", "cancel")])
def test_people_come_and_go_while_an_activity_that_takes_them_is_open(
    activity_state: str, kind: str, registered: bool, state: str, command: str
) -> None:
    facts = Facts(kind, activity_state)
    if registered and activity_state == "open":
        assert step(REGISTRATION, state, command, facts).command == command
        return
    with pytest.raises(Refused) as refused:
        step(REGISTRATION, state, command, facts)
    assert refused.value.code == ("registration_closed" if registered else "no_registration")


@pytest.mark.parametrize("activity_state", list(ActivityState))
@pytest.mark.parametrize("command", ["call_off", "attend", "miss"])
def test_what_follows_from_the_activity_asks_nobody(activity_state: str, command: str) -> None:
    assert step(REGISTRATION, "confirmed", command, Facts("competition", activity_state)).command == command


@pytest.mark.parametrize("state", list(RegistrationState))
def test_people_can_only_ask_to_cancel(state: str) -> None:
    assert actions(state) == (("cancel",) if state in {"confirmed", "waitlisted"} else ())


@pytest.mark.parametrize(
    ("quota", "confirmed", "command"),
    [(None, 10_000, "register"), (1, 0, "register"), (1, 1, "wait"), (2, 1, "register"), (2, 3, "wait")],
)
def test_there_is_a_place_until_the_quota_is_reached(quota: int | None, confirmed: int, command: str) -> None:
    assert entry(quota, confirmed) == command


@given(st.lists(st.sampled_from(COMMANDS)))
def test_no_sequence_of_commands_brings_a_registration_back(commands: list[str]) -> None:
    state, ended = "new", False
    for command in commands:
        try:
            state = step(REGISTRATION, state, command, OPEN).target
        except Refused:
            continue
        assert not ended
        ended = state in {"cancelled", "attended", "no_show"}


def test_every_kind_of_activity_says_what_it_takes() -> None:
    assert set(KINDS) == set(ActivityKind)


@pytest.mark.parametrize(
    ("kind", "tier", "code"),
    [
        ("competition", "elite", None),
        ("competition", None, "tier_missing"),
        ("study", "elite", "tier_not_apt"),
        ("study", None, None),
    ],
)
def test_a_contest_names_its_tier_and_nothing_else_does(kind: str, tier: str | None, code: str | None) -> None:
    refusal = names_its_tier(kind, tier)

    assert (refusal and (refusal.code, refusal.field)) == (code and (code, "tier"))
