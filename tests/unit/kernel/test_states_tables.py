"""A table that contradicts itself is refused when it is made, and the documentation is drawn from the table."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.law import Refusal
from kernel.states import NEW, Machine, MachineError, Transition, render_page


def seats_are_filled(facts: Any) -> Refusal | None:
    """As many winners | seats.

    The second line is for readers of the code.
    """
    return None


def another(facts: Any) -> Refusal | None:
    return None


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([], "the table is empty"),
        ([("draft", "submit", "open"), ("lost", "find", "open")], "lost cannot be reached from draft"),
        ([("draft", "submit", "open"), ("island", "go", "shore"), ("shore", "go", "island")], "island cannot"),
        ([("other", "submit", "open")], "other cannot be reached from draft"),
        ([("draft", "submit", "open"), ("draft", "submit", "open")], "submit leads twice from draft to open"),
        (
            [("draft", "submit", "open", seats_are_filled), ("draft", "submit", "open", another)],
            "submit leads twice from draft to open",
        ),
        ([("draft", "submit", "open"), ("draft", "submit", "closed", another)], "can never lead to closed"),
        ([("draft", "submit", "open", "seats_are_filled")], "unknown guard 'seats_are_filled'"),
        ([("draft", "submit", "open", lambda facts: None)], "give a named function"),
        ([("draft", "Submit it", "open")], "'Submit it' is no name"),
        ([("draft", "submit", "")], "'' is no name"),
        ([("draft", "submit", "open"), ("open", "forget", NEW)], "forget leads back to new"),
    ],
)
def test_a_table_that_contradicts_itself_stops_the_import(rows: list[tuple[Any, ...]], complaint: str) -> None:
    with pytest.raises(MachineError, match=complaint):
        Machine("election", "draft", [Transition(*row) for row in rows])


def test_all_complaints_about_a_table_are_told_at_once() -> None:
    submit: Transition[None] = Transition("draft", "submit", "open")
    with pytest.raises(MachineError, match=r"^election: submit leads twice .*; a cannot be reached .*; c cannot"):
        Machine("election", "draft", [submit, submit, Transition("a", "b", "c")])


def test_guarded_ways_may_end_in_one_without_a_guard() -> None:
    machine = Machine(
        "election",
        "counted",
        [Transition("counted", "declare", "declared", seats_are_filled), Transition("counted", "declare", "runoff")],
    )
    assert machine.actions("counted") == ("declare",)


@given(st.lists(st.tuples(*[st.sampled_from("abcd")] * 3), min_size=1, max_size=8))
def test_any_table_is_refused_or_leads_from_its_first_state_to_each_other(rows: list[tuple[str, str, str]]) -> None:
    try:
        machine: Machine[None] = Machine("any", "a", [Transition(*row) for row in rows])
    except MachineError:
        accepted = False
    else:
        accepted = True
    reached = {"a"}
    for _ in rows:
        reached |= {target for source, _command, target in rows if source in reached}
    deterministic = len({row[:2] for row in rows}) == len(rows)
    assert accepted == (deterministic and {source for source, _, _ in rows} <= reached)
    if accepted:
        assert set(machine.states) == reached
        assert all(machine.next(source, command, None).target == target for source, command, target in rows)


ELECTION: Machine[Any] = Machine(
    "election",
    "planned",
    [
        Transition("planned", "publish", "published", event="election_published", clock=("notice", "term")),
        Transition("published", "declare", "declared", seats_are_filled, ("election_declared", "post_started")),
        Transition("published", "declare", "planned"),
    ],
)
CONSENT: Machine[Any] = Machine(
    "consent", NEW, [Transition(NEW, "grant", "granted"), Transition("granted", "withdraw", "withdrawn")]
)

PAGE = r"""# State machines

Generated from the tables that run; do not edit.

## consent

```mermaid
stateDiagram-v2
    [*] --> granted : grant
    granted --> withdrawn : withdraw
    withdrawn --> [*]
```

| From | Command | To | Guard | Event | Clock |
| --- | --- | --- | --- | --- | --- |
| new | grant | granted |  |  |  |
| granted | withdraw | withdrawn |  |  |  |

## election

```mermaid
stateDiagram-v2
    [*] --> planned
    planned --> published : publish
    published --> declared : declare [seats_are_filled]
    published --> planned : declare
    declared --> [*]
```

| From | Command | To | Guard | Event | Clock |
| --- | --- | --- | --- | --- | --- |
| planned | publish | published |  | election_published | notice, term |
| published | declare | declared | seats_are_filled: As many winners \| seats. | election_declared, post_started |  |
| published | declare | planned |  |  |  |
"""


def test_the_page_shows_each_machine_as_diagram_and_table() -> None:
    assert render_page([CONSENT, ELECTION]) == PAGE


def test_the_page_does_not_depend_on_the_order_in_which_machines_are_found() -> None:
    assert render_page([ELECTION, CONSENT]) == render_page([CONSENT, ELECTION])
