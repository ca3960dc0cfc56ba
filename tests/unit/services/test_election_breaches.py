"""How the law of elections bites: each rule is broken once, and its certainty decides what comes of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.errors import Refused
from contracts import catalogue
from contracts.membership.elections import EmployerTie, MeetingKind, Method
from contracts.membership.posts import Body, Post
from kernel.law import Certainty, Overridden
from kernel.states import NEW
from kernel.states import Refused as RefusedByGuards
from services.membership.elections.facts import Office, UnionFigures
from services.membership.elections.rules import ELECTION
from tests.support.elections import (
    AUDIT,
    CHAIR,
    COMMITTEE,
    HELD_ON,
    OVERRIDE,
    WOMEN,
    ZONE,
    breaches,
    facts,
    meeting,
    members,
    people,
    taken,
)

#: A breach of each rule of an election that refuses, by the step that it is asked in.
BREACHES: list[tuple[str, str, dict[str, Any]]] = [
    (NEW, "plan", {"term_years": 4}),
    (NEW, "plan", {"method": Method.BY_COMMITTEE}),
    ("planned", "publish_candidates", {"candidates": people(9)}),
    ("planned", "publish_candidates", {"candidates": people(10, is_retained=True)}),
    ("planned", "publish_candidates", {"candidates": people(10, is_member=False)}),
    ("planned", "publish_candidates", {"candidates": people(10, employer_tie=EmployerTie.PARTNER)}),
    (
        "planned",
        "publish_candidates",
        {"candidates": people(10, employer_tie=EmployerTie.RELATIVE_OF_MAIN_HEAD)},
    ),
    ("planned", "publish_candidates", {"union": members(205, 10)}),
    ("planned", "publish_candidates", {"union": members(205, 9)}),
    ("planned", "publish_candidates", {"union": UnionFigures(ZONE, 205, 0, keeps_accounts=True)}),
    ("planned", "publish_candidates", {"office": CHAIR, "candidates": people(1, skipped_training=True)}),
    ("planned", "publish_candidates", {"office": AUDIT, "candidates": people(3, is_audited=True)}),
    ("planned", "publish_candidates", {"office": Office(Body.WOMEN, Post.CHAIR, 1), "candidates": people(1)}),
    (
        "published",
        "open_meeting",
        {"union": members(100), "meeting": meeting(35, 35, MeetingKind.REPRESENTATIVES), "office": WOMEN},
    ),
    ("published", "open_meeting", {"meeting": meeting(61, 61, MeetingKind.REPRESENTATIVES)}),
    ("published", "open_meeting", {"office": replace(COMMITTEE, seats=16)}),
    ("published", "open_meeting", {"office": replace(AUDIT, seats=12)}),
    ("published", "open_meeting", {"published_on": HELD_ON}),
    ("published", "open_meeting", {"meeting": meeting(60, 39, MeetingKind.REPRESENTATIVES)}),
    ("published", "open_meeting", {"meeting": replace(meeting(60), is_secret=False)}),
    ("second_round", "reduce_seats", {"elected": people(8), "agreed": 30}),
    ("second_round", "reduce_seats", {"elected": people(6), "agreed": 31}),
    ("awaiting_approval", "approve", {"procedure_kept": False}),
    ("awaiting_approval", "approve", {"decided_above": False}),
]


def test_the_breaches_above_are_of_every_rule_that_refuses() -> None:
    broken = {
        rule_code
        for state, command, changes in BREACHES
        for _, rule_code, _ in breaches(state, command, facts(**changes))
    }
    assert broken == {
        *("R-ORG-02", "R-ORG-03", "R-ORG-08", "R-ORG-10", "R-MEM-11", "R-MEM-16"),
        *("R-ELE-01", "R-ELE-02", "R-ELE-03", "R-ELE-04", "R-ELE-05", "R-ELE-06", "R-ELE-07", "R-ELE-08"),
        *("R-ELE-11", "R-ELE-12", "R-ELE-13", "R-ELE-13.procedure", "R-ELE-14", "R-ELE-14.seats"),
        *("R-ELE-14.together", "R-ELE-15.head", "R-ELE-18"),
    }


@pytest.mark.parametrize(("state", "command", "changes"), BREACHES)
def test_a_text_that_was_read_refuses_and_one_from_memory_until_the_higher_union_lets_it_pass(
    state: str, command: str, changes: dict[str, Any]
) -> None:
    given = facts(**changes)
    with pytest.raises(RefusedByGuards) as caught:
        ELECTION.next(state, command, given)
    rules = {refusal.rule_code for refusal in caught.value.refusals}
    assert all(refusal.rule_code and refusal.article for refusal in caught.value.refusals)
    asked = replace(given, overrides={code: OVERRIDE for code in rules if code})
    if all(refusal.overridable for refusal in caught.value.refusals):
        notes = ELECTION.next(state, command, asked).notes
        assert {note.rule_code for note in notes if isinstance(note, Overridden) and note.override == OVERRIDE} == rules
    else:
        with pytest.raises(RefusedByGuards) as still:
            ELECTION.next(state, command, asked)
        assert all(refusal.certainty is Certainty.V for refusal in still.value.refusals)


@pytest.mark.parametrize(("state", "command", "changes"), BREACHES)
def test_what_a_refusal_names_fills_all_that_its_words_leave_open(
    state: str, command: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(RefusedByGuards) as caught:
        ELECTION.next(state, command, facts(**changes))
    for refusal in caught.value.refusals:
        assert "…" not in catalogue.text(refusal.code, "zh", **refusal.params)


def test_before_the_law_that_is_loaded_nothing_is_decided() -> None:
    with pytest.raises(Refused) as refused:
        taken(NEW, "plan", facts(on=date(2021, 12, 31)))
    assert (refused.value.code, refused.value.rule_code) == ("law_not_loaded", "R-ORG-08")
