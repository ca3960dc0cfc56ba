"""The interpreter walks two of the platform's own tables: a union organisation and an activity."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import KernelError
from kernel.law import Caution, Finding, Law, Overridden, Override, Refusal, decide
from kernel.states import NEW, Guard, IllegalTransition, Machine, Refused, Transition, UnknownState, from_each

TERM = Law.load().rule("R-ORG-08", jurisdiction="330110", on=date(2023, 3, 1))


@dataclass(frozen=True)
class UnionFacts:
    """What the guards of a union organisation ask."""

    term_years: int = 5
    employer_ended: bool = False
    resolution_ref: str | None = "minutes 12"


def term_is_lawful(facts: UnionFacts) -> Refusal | None:
    """The term is 3 or 5 years (工会法 art 16)."""
    finding = decide(TERM, TERM.holds(facts.term_years), code="term_length", field="term_years")
    return finding if isinstance(finding, Refusal) else None


def employer_has_ended(facts: UnionFacts) -> Refusal | None:
    """The employer no longer exists: a report is enough (工会法 art 13)."""
    return None if facts.employer_ended else Refusal("employer_exists", "employer_ended", "R-ORG-06")


def meeting_has_resolved(facts: UnionFacts) -> Refusal | None:
    return None if facts.resolution_ref else Refusal("resolution_missing", "resolution_ref", "R-ORG-05")


UNION = Machine(
    "union_organization",
    NEW,
    (
        Transition(NEW, "submit_founding", "awaiting_approval", event="union_founded"),
        Transition("awaiting_approval", "approve", "approved", event="union_approved"),
        *from_each(
            ("approved", "term_expiring", "term_overdue"),
            "record_election",
            "active",
            guard=term_is_lawful,
            event="union_election_approved",
            clock="term_end",
        ),
        Transition("active", "expire_term", "term_expiring", event="union_term_expiring"),
        Transition("term_expiring", "extend_term", "active"),
        Transition("term_expiring", "run_over_term", "term_overdue", event="union_term_overdue"),
        Transition("active", "dissolve", "dissolved", guard=employer_has_ended, event="union_dissolved"),
        Transition("active", "dissolve", "dissolving", guard=meeting_has_resolved),
        Transition("dissolving", "approve_dissolution", "dissolved", event="union_dissolved"),
    ),
)

BEFORE_IT_IS_HELD = ("draft", "submitted", "approved", "open", "ready")
ACTIVITY: Machine[None] = Machine(
    "activity",
    "draft",
    (
        Transition("draft", "submit", "submitted"),
        Transition("submitted", "approve", "approved"),
        Transition("approved", "publish", "open", event="activity_published"),
        Transition("open", "close_registration", "ready"),
        Transition("ready", "start", "running"),
        Transition("running", "end", "held"),
        Transition("held", "confirm_attendance", "closed", event=("activity_attended", "activity_closed")),
        *from_each(BEFORE_IT_IS_HELD, "cancel", "cancelled", event="activity_cancelled"),
        Transition("ready", "postpone", "open"),
        Transition("closed", "correct", "closed", event="activity_corrected"),
        Transition("closed", "void", "voided", event="activity_voided"),
    ),
)


@pytest.mark.parametrize(
    ("state", "command", "target", "events"),
    [
        (NEW, "submit_founding", "awaiting_approval", ("union_founded",)),
        ("approved", "record_election", "active", ("union_election_approved",)),
        ("term_overdue", "record_election", "active", ("union_election_approved",)),
        ("term_expiring", "extend_term", "active", ()),
        ("active", "dissolve", "dissolving", ()),
    ],
)
def test_a_command_leads_to_the_state_the_table_names(
    state: str, command: str, target: str, events: tuple[str, ...]
) -> None:
    row = UNION.next(state, command, UnionFacts())
    assert (row.target, row.events) == (target, events)


def test_a_row_names_all_the_events_it_is_told_by_and_the_clocks_it_starts() -> None:
    assert ACTIVITY.next("held", "confirm_attendance", None).events == ("activity_attended", "activity_closed")
    assert UNION.next("approved", "record_election", UnionFacts()).clocks == ("term_end",)
    assert ACTIVITY.next("draft", "submit", None).clocks == ()


def test_where_a_command_has_several_ways_the_first_that_no_guard_refuses_is_taken() -> None:
    assert UNION.next("active", "dissolve", UnionFacts(employer_ended=True)).target == "dissolved"
    assert UNION.next("active", "dissolve", UnionFacts(employer_ended=False)).target == "dissolving"


def test_a_guard_refuses_with_the_rule_and_article_that_decide() -> None:
    with pytest.raises(Refused) as caught:
        UNION.next("approved", "record_election", UnionFacts(term_years=4))
    assert caught.value.refusals == (Refusal("term_length", "term_years", "R-ORG-08", "工会法 art 16", TERM.certainty),)
    assert caught.value.code == "term_length"


def test_when_every_way_is_refused_each_refusal_is_told_in_table_order() -> None:
    with pytest.raises(Refused) as caught:
        UNION.next("active", "dissolve", UnionFacts(resolution_ref=None))
    assert [refusal.rule_code for refusal in caught.value.refusals] == ["R-ORG-06", "R-ORG-05"]
    assert str(caught.value) == "employer_exists, resolution_missing"


def findings(facts: tuple[Finding | None, ...]) -> tuple[Finding | None, ...]:
    return facts


def in_turn(facts: tuple[Finding | None, ...]) -> Iterator[Finding | None]:
    yield from facts


CAUTION = Caution("seats_not_near", "seats")
LET_PASS = Overridden("no_quorum", "present", override=Override("district-officer", "flood"))
REFUSALS = Refusal("own_approval"), Refusal("no_quorum", "present")


@pytest.mark.parametrize("guard", [findings, in_turn])
def test_what_a_guard_tells_without_refusing_goes_with_the_row(guard: Guard[tuple[Finding | None, ...]]) -> None:
    machine = Machine("election", "counted", [Transition("counted", "declare", "declared", guard)])
    assert machine.next("counted", "declare", (None, CAUTION, None, LET_PASS)).notes == (CAUTION, LET_PASS)
    assert machine.next("counted", "declare", (None,)).notes == ()


def test_one_refusal_among_what_a_guard_tells_stops_the_command_and_all_refusals_are_told() -> None:
    machine = Machine("election", "counted", [Transition("counted", "declare", "declared", findings)])
    with pytest.raises(Refused) as caught:
        machine.next("counted", "declare", (CAUTION, *REFUSALS, LET_PASS))
    assert caught.value.refusals == REFUSALS


def test_a_row_tells_why_no_earlier_row_was_taken_but_nothing_of_their_notes() -> None:
    rows = [Transition("voting", "close", "counted", findings), Transition("voting", "close", "void")]
    taken = Machine("election", "voting", rows).next("voting", "close", (CAUTION, REFUSALS[0]))
    assert (taken.target, taken.notes, taken.passed_over) == ("void", (), REFUSALS[:1])


def test_a_command_out_of_place_is_refused_with_what_can_be_done_instead() -> None:
    with pytest.raises(IllegalTransition) as caught:
        ACTIVITY.next("ready", "void", None)
    error = caught.value
    assert (error.machine, error.state, error.command) == ("activity", "ready", "void")
    assert error.allowed == ("start", "cancel", "postpone")
    assert str(error) == "activity: void is not possible in ready, only start, cancel, postpone"


def test_both_refusals_are_the_kernels_and_carry_a_code() -> None:
    with pytest.raises(KernelError) as caught:
        ACTIVITY.next("voided", "correct", None)
    assert caught.value.code == "illegal_transition"
    assert str(caught.value).endswith("only -")


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        ("draft", ("submit", "cancel")),
        ("open", ("close_registration", "cancel")),
        ("running", ("end",)),
        ("closed", ("correct", "void")),
        ("cancelled", ()),
    ],
)
def test_what_can_be_done_next_is_read_from_the_table(state: str, actions: tuple[str, ...]) -> None:
    assert ACTIVITY.actions(state) == actions
    assert ACTIVITY.is_final(state) == (not actions)


def test_an_action_with_several_ways_is_named_once() -> None:
    assert UNION.actions("active") == ("expire_term", "dissolve")
    assert UNION.actions(NEW) == ("submit_founding",)


def test_a_state_the_table_does_not_know_is_an_error_of_the_program() -> None:
    for ask in (ACTIVITY.actions, ACTIVITY.is_final, lambda state: ACTIVITY.next(state, "submit", None)):
        with pytest.raises(UnknownState, match="activity has no state 'lost'"):
            ask("lost")


def test_the_states_are_those_of_the_table_without_the_one_before_birth() -> None:
    assert UNION.states == (
        "awaiting_approval",
        "approved",
        "active",
        "term_expiring",
        "term_overdue",
        "dissolved",
        "dissolving",
    )
    assert ACTIVITY.states[0] == "draft"


@given(st.lists(st.sampled_from(sorted({row.command for row in ACTIVITY.transitions})), max_size=30))
def test_no_sequence_of_commands_leaves_the_table_and_only_listed_actions_succeed(commands: list[str]) -> None:
    state = ACTIVITY.initial
    for command in commands:
        listed = ACTIVITY.actions(state)
        if command not in listed:
            with pytest.raises(IllegalTransition):
                ACTIVITY.next(state, command, None)
            continue
        row = ACTIVITY.next(state, command, None)
        assert (row.source, row.command, row.target) in {(r.source, r.command, r.target) for r in ACTIVITY.transitions}
        assert row.source == state
        state = row.target
