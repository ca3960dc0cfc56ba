"""The way of a programme, step by step, and whom an earlier step bars."""

from datetime import date
from itertools import product
from uuid import UUID

import pytest

from chassis.errors import Refused
from chassis.states import step
from services.welfare.programmes.rules import PROGRAMME, Facts, may_be_drafted

ACTOR, SOMEBODY = UUID(int=1), UUID(int=2)

#: Every step there is: state, command, next state, what is told.
STEPS = [
    ("draft", "submit", "audit_review", ()),
    ("audit_review", "record_opinion", "reviewed", ()),
    ("reviewed", "approve", "approved", ("programme_approved",)),
    ("approved", "open", "open", ("programme_opened",)),
    ("open", "suspend", "suspended", ("programme_suspended",)),
    ("open", "close", "closed", ("programme_closed",)),
    ("suspended", "resume", "open", ("programme_opened",)),
    ("closed", "settle", "settled", ()),
    ("settled", "audit", "audited", ("programme_audited",)),
]
STATES = [*dict.fromkeys(state for state, *_ in STEPS), "audited"]
COMMANDS = sorted({command for _, command, _, _ in STEPS})
#: Commands that an account may not give after it gave one of these.
BARRED = {
    "record_opinion": {"draft", "submit"},
    "approve": {"draft", "submit", "record_opinion"},
    "settle": {"draft", "submit", "approve"},
    "audit": {"draft", "submit", "approve", "open", "suspend", "resume", "close", "settle", "audit"},
}


def facts(took: str | None = None, committed_fen: int = 0, has_reversal_open: bool = False) -> Facts:
    """An account that took one step before, or none."""
    steps = {command: frozenset([SOMEBODY]) for command in ("draft", *COMMANDS)}
    takers = steps | ({took: frozenset([SOMEBODY, ACTOR])} if took else {})
    return Facts(ACTOR, takers, committed_fen, has_reversal_open)


@pytest.mark.parametrize(("state", "command", "target", "events"), STEPS)
def test_each_step_leads_where_the_domain_says(state: str, command: str, target: str, events: tuple[str, ...]) -> None:
    taken = step(PROGRAMME, state, command, facts())

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(
    ("state", "command"), sorted(set(product(STATES, COMMANDS)) - {(state, command) for state, command, _, _ in STEPS})
)
def test_no_other_step_is_possible(state: str, command: str) -> None:
    with pytest.raises(Refused) as refused:
        step(PROGRAMME, state, command, facts())

    assert refused.value.code == "illegal_transition"


@pytest.mark.parametrize(("command", "earlier"), list(product(COMMANDS, ["draft", *COMMANDS])))
def test_an_earlier_step_bars_from_a_later_one_as_the_table_says(command: str, earlier: str) -> None:
    (state,) = (source for source, name, _, _ in STEPS if name == command)

    if earlier not in BARRED.get(command, ()):
        assert step(PROGRAMME, state, command, facts(earlier)).command == command
        return
    with pytest.raises(Refused) as refused:
        step(PROGRAMME, state, command, facts(earlier))
    assert refused.value.code == "maker_is_checker"


def test_nothing_is_closed_while_one_fen_is_bound() -> None:
    with pytest.raises(Refused) as refused:
        step(PROGRAMME, "open", "close", facts(committed_fen=1))

    assert refused.value.code == "grants_open"


@pytest.mark.parametrize(("state", "command", "target", "_events"), STEPS)
def test_nothing_is_settled_while_a_reversal_is_open_and_no_other_step_waits_for_it(
    state: str, command: str, target: str, _events: tuple[str, ...]
) -> None:
    asked = facts(has_reversal_open=True)

    if command != "settle":
        assert step(PROGRAMME, state, command, asked).target == target
        return
    with pytest.raises(Refused) as refused:
        step(PROGRAMME, state, command, asked)
    assert refused.value.code == "reversal_open"


@pytest.mark.parametrize(
    ("union_state", "kind", "form", "days", "code"),
    [
        ("approved", "winter_relief", "goods", 0, None),
        ("approved", "winter_relief", "money", 1, None),
        ("approved", "winter_relief", "service", 0, "form_does_not_fit_kind"),
        ("approved", "health_check", "service", 0, None),
        ("approved", "health_check", "goods", 0, "form_does_not_fit_kind"),
        ("approved", "health_check", "money", 0, "form_does_not_fit_kind"),
        ("approved", "winter_relief", "goods", -1, "ends_before_start"),
        ("awaiting_approval", "winter_relief", "goods", 0, "union_not_approved"),
    ],
)
def test_an_approved_union_drafts_what_fits(
    union_state: str, kind: str, form: str, days: int, code: str | None
) -> None:
    refusal = may_be_drafted(union_state, kind, form, date(2023, 1, 2), date(2023, 1, 2 + days))

    assert (refusal.code if refusal else None) == code
