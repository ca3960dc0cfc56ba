"""The ways of an application and of a membership, step by step and in any order."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from chassis.states import step
from kernel.codes.employment_state import EmploymentState
from kernel.codes.membership_change import ChangeReason
from kernel.states import NEW
from services.membership.applications.rules import APPLICATION
from services.membership.applications.rules import Facts as ApplicationFacts
from services.membership.register.rules import MEMBERSHIP, actions
from services.membership.register.rules import Facts as MembershipFacts

TODAY = date(2023, 9, 30)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MAKER, CHECKER = UUID(int=1), UUID(int=2)

#: Every step there is: state, command, next state, what is told.
APPLICATION_STEPS = [
    (NEW, "submit", "submitted", ()),
    ("submitted", "approve", "approved", ()),
    ("submitted", "reject", "rejected", ()),
    ("submitted", "withdraw", "withdrawn", ()),
]
MEMBERSHIP_STEPS = [
    (NEW, "join", "active", ("member_joined",)),
    ("active", "retain", "retained", ("member_retained",)),
    ("active", "request_transfer", "transferring", ("member_attributes_changed",)),
    ("transferring", "move", "active", ("member_transferred",)),
    ("transferring", "stay", "active", ("member_attributes_changed",)),
    ("retained", "reinstate", "active", ("member_reinstated",)),
    *((state, "withdraw", "withdrawn", ("member_left",)) for state in ("active", "retained")),
    *((state, "expel", "expelled", ("member_expelled",)) for state in ("active", "retained")),
    *((state, "record_death", "ended", ("member_deceased",)) for state in ("active", "transferring", "retained")),
    ("expelled", "file_expulsion", "expelled", ()),
]
STEPS = [(APPLICATION, *row) for row in APPLICATION_STEPS] + [(MEMBERSHIP, *row) for row in MEMBERSHIP_STEPS]


def asked(**changes: Any) -> ApplicationFacts:
    usual = {"today": TODAY, "actor_id": CHECKER, "applied_on": YESTERDAY, "union_state": "approved"}
    decided = {"employment_state": "1", "submitted_by": MAKER, "decided_on": TODAY, "is_responsible": True}
    return ApplicationFacts(**(usual | decided | changes))


def belonging(**changes: Any) -> MembershipFacts:
    usual = {"today": TODAY, "last_change_on": YESTERDAY, "effective_on": TODAY, "reason": ChangeReason.UNEMPLOYED}
    return MembershipFacts(**(usual | changes))


def facts(machine: Any) -> Any:
    return asked() if machine is APPLICATION else belonging()


@pytest.mark.parametrize(("machine", "state", "command", "target", "events"), STEPS)
def test_each_step_leads_where_the_domain_says(
    machine: Any, state: str, command: str, target: str, events: tuple[str, ...]
) -> None:
    taken = step(machine, state, command, facts(machine))

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize("machine", [APPLICATION, MEMBERSHIP], ids=lambda machine: machine.name)
def test_no_other_step_is_possible(machine: Any) -> None:
    known = {(state, command) for one, state, command, *_ in STEPS if one is machine}
    commands = {command for _, command in known}
    for state, command in set(product([NEW, *machine.states], commands)) - known:
        with pytest.raises(Refused) as refused:
            step(machine, state, command, facts(machine))
        assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize(
    ("state", "command", "changes", "code"),
    [
        (NEW, "submit", {"union_state": "awaiting_approval"}, "union_not_approved"),
        (NEW, "submit", {"applied_on": TOMORROW}, "date_in_future"),
        (NEW, "submit", {"employed_since": TOMORROW}, "date_in_future"),
        (NEW, "submit", {"employment_state": EmploymentState.RETIRED}, "retired_cannot_join"),
        (NEW, "submit", {"employment_state": EmploymentState.RETIRED_CADRE}, "retired_cannot_join"),
        ("submitted", "approve", {"actor_id": MAKER}, "maker_is_checker"),
        ("submitted", "approve", {"is_responsible": False}, "union_has_a_chair"),
        ("submitted", "approve", {"decided_on": TOMORROW}, "date_in_future"),
        ("submitted", "approve", {"decided_on": YESTERDAY - timedelta(days=1)}, "decided_before_applied"),
        ("submitted", "reject", {"actor_id": MAKER}, "maker_is_checker"),
        ("submitted", "reject", {"is_responsible": False}, "union_has_a_chair"),
        ("submitted", "reject", {"decided_on": TOMORROW}, "date_in_future"),
        ("submitted", "reject", {"decided_on": YESTERDAY - timedelta(days=1)}, "decided_before_applied"),
    ],
)
def test_a_guard_of_an_application_refuses_with_its_own_code(
    state: str, command: str, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        step(APPLICATION, state, command, asked(**changes))

    assert refused.value.code == code


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_nobody_decides_of_whom_it_is_not_said_that_they_may(command: str) -> None:
    with pytest.raises(Refused) as refused:
        step(APPLICATION, "submitted", command, ApplicationFacts(TODAY, CHECKER, YESTERDAY, decided_on=TODAY))

    assert refused.value.code == "union_has_a_chair"


@pytest.mark.parametrize(
    "state", sorted(set(EmploymentState) - {EmploymentState.RETIRED, EmploymentState.RETIRED_CADRE})
)
def test_whoever_has_not_retired_may_join(state: EmploymentState) -> None:
    assert step(APPLICATION, NEW, "submit", asked(employment_state=state)).target == "submitted"


@pytest.mark.parametrize("reason", ChangeReason)
def test_a_membership_is_retained_without_work_and_not_by_ones_own_wish_or_for_a_crime(reason: ChangeReason) -> None:
    ends = {ChangeReason.OWN_REQUEST, ChangeReason.CRIME}
    if reason in ends:
        with pytest.raises(Refused) as refused:
            step(MEMBERSHIP, "active", "retain", belonging(reason=reason))
        assert (refused.value.code, refused.value.params) == ("reason_does_not_retain", {"choices": "1, 2, 3, 4"})
    else:
        assert step(MEMBERSHIP, "active", "retain", belonging(reason=reason)).target == "retained"


days = st.dates(date(2023, 9, 1), date(2023, 10, 31))


@pytest.mark.parametrize("state", [EmploymentState.RETIRED, EmploymentState.RETIRED_CADRE])
def test_whoever_has_retired_is_not_reinstated(state: EmploymentState) -> None:
    with pytest.raises(Refused) as refused:
        step(MEMBERSHIP, "retained", "reinstate", belonging(employment_state=state))

    assert (refused.value.code, refused.value.rule_code) == ("retired_cannot_join", "R-MEM-19")


def test_an_expulsion_is_filed_once() -> None:
    with pytest.raises(Refused) as refused:
        step(MEMBERSHIP, "expelled", "file_expulsion", belonging(is_filed=True))

    assert refused.value.code == "already_filed"
    assert actions("expelled", is_filed=False) == ("file_expulsion",)
    assert actions("expelled", is_filed=True) == ()


CHANGES = [(state, command) for state, command, *_ in MEMBERSHIP_STEPS if state != NEW]


@given(change=st.sampled_from(CHANGES), last=days, since=days, today=days)
def test_a_membership_changes_only_between_its_last_change_and_today(
    change: tuple[str, str], last: date, since: date, today: date
) -> None:
    try:
        step(MEMBERSHIP, *change, belonging(last_change_on=last, effective_on=since, today=today))
    except Refused:
        assert not last <= since <= today
    else:
        assert last <= since <= today


@given(applied=days, decided=days, today=days, by_maker=st.booleans(), command=st.sampled_from(["approve", "reject"]))
def test_a_decision_is_another_accounts_and_lies_between_the_application_and_today(
    applied: date, decided: date, today: date, by_maker: bool, command: str
) -> None:
    actor = MAKER if by_maker else CHECKER
    given_facts = asked(applied_on=applied, decided_on=decided, today=today, actor_id=actor)
    allowed = not by_maker and applied <= decided <= today
    try:
        step(APPLICATION, "submitted", command, given_facts)
    except Refused:
        assert not allowed
    else:
        assert allowed


@given(st.lists(st.sampled_from(["approve", "reject", "withdraw", "submit"]), max_size=8))
def test_no_sequence_of_commands_decides_an_application_twice(commands: list[str]) -> None:
    state, decided = step(APPLICATION, NEW, "submit", asked()).target, 0
    for command in commands:
        try:
            state = step(APPLICATION, state, command, asked()).target
        except Refused:
            continue
        decided += 1
    assert decided <= 1
