"""From ballots to winners: void votes, ties, too few winners, people written in, and seats given up."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.membership.elections import EmployerTie, MeetingKind, Round, Vote
from kernel.law import Caution, Certainty, Overridden
from services.membership.elections.counting import Ballot, Outcome, count, fill, next_poll, outcome
from services.membership.elections.facts import Candidate, Count, Facts, Poll, Votes
from tests.support.elections import (
    AUDIT,
    CHAIR,
    COMMITTEE,
    OVERRIDE,
    REGULATION,
    WOMEN,
    Breach,
    breaches,
    counted,
    facts,
    meeting,
    people,
    taken,
)

YES, NO, ABSTAIN = Vote.YES, Vote.NO, Vote.ABSTAIN
LIST = Poll(Round.FIRST, 2, ("a", "b", "c"))


@pytest.mark.parametrize(
    ("ballot", "void", "yes", "written_in"),
    [
        ({"a": YES, "b": YES, "c": YES}, 1, {}, {}),
        ({"a": YES, "b": YES, "c": NO}, 0, {"a": 1, "b": 1}, {}),
        ({"a": YES}, 0, {"a": 1}, {}),
        ({}, 0, {}, {}),
        ({"a": NO, "b": YES, "z": YES}, 0, {"b": 1}, {"z": 1}),
        ({"a": ABSTAIN, "b": YES, "z": YES}, 0, {"b": 1}, {}),
        ({"a": NO, "y": YES, "z": YES}, 0, {}, {}),
        ({"a": NO, "b": NO, "y": YES, "z": YES}, 0, {}, {"y": 1, "z": 1}),
        ({"a": NO, "b": YES, "c": YES, "z": YES}, 1, {}, {}),
        ({"a": NO, "z": NO}, 0, {}, {}),
    ],
)
def test_a_ballot_with_more_names_than_seats_is_void_and_only_a_no_makes_room_for_another(
    ballot: Ballot, void: int, yes: dict[str, int], written_in: dict[str, int]
) -> None:
    found = count([ballot], LIST, issued=1)
    assert (found.void, found.written_in) == (void, written_in)
    assert {name: votes.yes for name, votes in found.votes.items() if votes.yes} == yes


def test_who_is_not_marked_was_abstained_from_and_a_void_ballot_says_nothing() -> None:
    found = count([{"a": YES, "b": NO}, {"a": YES, "b": YES, "c": YES}], LIST, issued=3)
    assert found == Count(3, 2, 1, {"a": Votes(1), "b": Votes(0, 1), "c": Votes(0, 0, 1)}, {})


def test_nobody_is_written_in_at_a_run_off() -> None:
    found = count([{"a": NO, "z": YES}], Poll(Round.RUNOFF, 1, ("a", "b")), issued=1)
    assert (found.void, found.written_in) == (0, {})


def test_more_ballots_returned_than_issued_make_the_vote_void_and_it_is_repeated() -> None:
    given = counted({"a": 40, "b": 35, "c": 10}, seats=2)
    assert given.count is not None
    void = taken("voting", "close_ballots", replace(given, count=replace(given.count, issued=59)))
    assert void.target == "void"
    [why] = void.passed_over
    assert (why.code, why.rule_code, why.article) == ("more_returned_than_issued", "R-ELE-09", REGULATION)
    assert taken("void", "vote_again", given).target == "voting"
    assert taken("voting", "close_ballots", given).target == "counted"


@pytest.mark.parametrize("issued", [61, 60])
def test_ballots_issued_to_more_than_are_entitled_are_a_mistake_and_not_a_void_vote(issued: int) -> None:
    given = counted({"a": 40, "b": 35, "c": 10}, seats=2)
    assert given.count is not None
    closing = replace(given, count=replace(given.count, issued=issued, returned=issued + 1))
    expected = [] if issued == 60 else ["more_issued_than_entitled"]
    assert [code for code, _, _ in breaches("voting", "close_ballots", closing)][:1] == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"void": 1},
        {"void": -1},
        {"void": 61},
        {"returned": 59},
        {"votes": {"a": Votes(40, 20), "b": Votes(35, 25)}},
        {"votes": {"a": Votes(40, 20), "b": Votes(35, 25), "c": Votes(10, 50), "d": Votes(0, 60)}},
        {"votes": {"a": Votes(40, 19), "b": Votes(35, 25), "c": Votes(10, 50)}},
        {"votes": {"a": Votes(60), "b": Votes(60), "c": Votes(1, 59)}},
        {"written_in": {"a": 1}},
        {"written_in": {"z": 61}},
        {"written_in": {"z": 36}},
        {"votes": {name: Votes(20, 0, 40) for name in "abc"}, "written_in": {"z": 1}},
    ],
)
def test_a_count_that_cannot_be_one_of_ballots_is_refused(wrong: dict[str, Any]) -> None:
    given = counted({"a": 40, "b": 35, "c": 10}, seats=2)
    assert given.count is not None
    assert breaches("voting", "close_ballots", given) == []
    closing = replace(given, count=replace(given.count, **wrong))
    assert {code for code, _, _ in breaches("voting", "close_ballots", closing)} == {"votes_do_not_add_up"}


def test_a_run_off_counts_nobody_written_in() -> None:
    given = counted({"a": 30, "b": 30}, seats=1, round=Round.RUNOFF)
    assert given.count is not None
    closing = replace(given, count=replace(given.count, written_in={"z": 1}))
    assert {code for code, _, _ in breaches("voting", "close_ballots", closing)} == {"votes_do_not_add_up"}


@pytest.mark.parametrize(
    ("yes", "seats", "expected"),
    [
        ({"a": 50, "b": 45, "c": 40}, 2, Outcome(("a", "b"))),
        ({"a": 50, "b": 31, "c": 30}, 2, Outcome(("a", "b"))),
        ({"a": 50, "b": 30, "c": 29}, 2, Outcome(("a",), open_seats=1)),
        ({"a": 30, "b": 30, "c": 0}, 2, Outcome((), open_seats=2)),
        ({"a": 50, "b": 40, "c": 40}, 2, Outcome(("a",), ("b", "c"), 1)),
        ({"a": 40, "b": 40, "c": 40}, 2, Outcome((), ("a", "b", "c"), 2)),
        ({"a": 50, "b": 50, "c": 40}, 2, Outcome(("a", "b"))),
        ({"a": 50, "b": 40, "c": 40, "d": 40}, 3, Outcome(("a",), ("b", "c", "d"), 2)),
    ],
)
def test_elected_is_who_has_more_than_half_of_those_entitled_most_votes_first(
    yes: dict[str, int], seats: int, expected: Outcome
) -> None:
    assert outcome(counted(yes, seats)) == expected


def test_half_is_of_those_entitled_and_not_of_those_present() -> None:
    votes = {"a": Votes(31, 10), "b": Votes(30, 11), "c": Votes(0, 41)}
    given = facts(
        meeting=meeting(60, 41, MeetingKind.REPRESENTATIVES),
        poll=LIST,
        count=Count(41, 41, votes=votes),
    )
    assert outcome(given) == Outcome(("a",), open_seats=1)


def test_a_tie_at_the_border_is_run_off_between_the_tied_until_one_has_more() -> None:
    first = counted({"a": 50, "b": 40, "c": 40}, seats=2)
    tied = taken("counted", "declare", first)
    assert tied.target == "runoff"
    assert [(why.code, why.rule_code, why.article) for why in tied.passed_over] == [
        ("seats_open", "R-ELE-10", REGULATION)
    ]
    assert first.poll is not None
    poll = next_poll(first.poll, outcome(first))
    assert poll == Poll(Round.RUNOFF, 1, ("b", "c"))
    assert taken("runoff", "vote_again", first).target == "voting"
    assert taken("counted", "declare", counted({"b": 25, "c": 25}, 1, round=Round.RUNOFF)).target == "runoff"
    won = counted({"b": 20, "c": 25}, 1, round=Round.RUNOFF)
    assert taken("counted", "declare", won).target == "declared"
    assert outcome(won) == Outcome(("c",))


def test_too_few_winners_vote_again_on_the_rest() -> None:
    first = counted({"a": 50, "b": 30, "c": 20}, seats=2)
    short = taken("counted", "declare", first)
    assert short.target == "second_round"
    assert [(why.code, why.rule_code) for why in short.passed_over] == [
        ("seats_open", "R-ELE-10"),
        ("too_few_winners", "R-ELE-11"),
    ]
    assert first.poll is not None
    assert next_poll(first.poll, outcome(first)) == Poll(Round.SECOND, 1, ("b", "c"))
    assert taken("second_round", "vote_again", first).target == "voting"
    again = counted({"b": 31, "c": 29}, 1, round=Round.SECOND, elected=[Candidate("a")])
    assert outcome(again) == Outcome(("b",))
    assert outcome(counted({"b": 30, "c": 30}, 1, round=Round.SECOND)) == Outcome((), open_seats=1)


def written_in(person: Candidate, **changes: Any) -> Facts:
    given = counted({"a": 50, "b": 20, "c": 10}, seats=2, written_in=[person], **changes)
    assert given.count is not None
    return replace(given, count=replace(given.count, written_in={"z": 35}))


def test_somebody_written_in_is_elected_like_anybody_on_the_list() -> None:
    given = written_in(Candidate("z"))
    assert taken("voting", "close_ballots", given).notes == ()
    assert outcome(given) == Outcome(("a", "z"))


@pytest.mark.parametrize(
    ("person", "code", "rule_code"),
    [
        (Candidate("z", is_retained=True), "retained_cannot_stand", "R-MEM-11"),
        (Candidate("z", employer_tie=EmployerTie.RELATIVE_OF_MAIN_HEAD), "tied_to_employer", "R-ORG-10"),
    ],
)
def test_somebody_written_in_who_may_not_stand_wins_no_seat_and_this_is_told(
    person: Candidate, code: str, rule_code: str
) -> None:
    given = written_in(person)
    [told] = taken("voting", "close_ballots", given).notes
    assert isinstance(told, Caution)
    assert (told.code, told.rule_code, told.field) == (code, rule_code, "written_in.0.subject_key")
    assert outcome(given) == Outcome(("a",), open_seats=1)


def test_somebody_written_in_wins_if_the_higher_union_let_it_pass() -> None:
    given = written_in(Candidate("z", employer_tie=EmployerTie.PARTNER), overrides={"R-ELE-04": OVERRIDE})
    [told] = taken("voting", "close_ballots", given).notes
    assert isinstance(told, Overridden)
    assert outcome(given) == Outcome(("a", "z"))


@pytest.mark.parametrize("changes", [{"elected": [Candidate("z")]}, {"written_in": []}])
def test_who_was_elected_before_or_is_nobody_of_the_register_is_not_elected_by_being_written_in(
    changes: dict[str, Any],
) -> None:
    assert outcome(replace(written_in(Candidate("z")), **changes)).elected == ("a",)


def test_no_winner_without_enough_votes() -> None:
    assert fill(2, {"a": 1, "b": 0}, lambda votes: votes > 0) == Outcome(("a",), open_seats=1)


def reduced(elected: int, seats: int = 9, agreed: int = 31, **changes: Any) -> Facts:
    office = changes.pop("office", replace(COMMITTEE, seats=seats))
    return facts(office=office, elected=people(elected), agreed=agreed, **changes)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (reduced(8), []),
        (reduced(7), []),
        (reduced(6), [("seats_out_of_band", "R-ELE-03", "seats")]),
        (reduced(8, agreed=30), [("reduction_without_majority", "R-ELE-11", "agreed")]),
        (reduced(8, agreed=57), []),
        (reduced(8, agreed=58), [("more_agreed_than_present", None, "agreed")]),
        (reduced(2, office=AUDIT), [("seats_out_of_band", "R-ELE-14.seats", "seats")]),
        (reduced(4, office=WOMEN), []),
        (reduced(0, office=CHAIR), [("nobody_elected", "R-ELE-11", None)]),
    ],
)
def test_seats_are_given_up_by_most_of_those_entitled_within_the_band(given: Facts, expected: list[Breach]) -> None:
    assert breaches("second_round", "reduce_seats", given) == expected


@pytest.mark.parametrize(("elected", "told"), [(10, []), (9, ["reduced_by_many"])])
def test_giving_up_many_seats_is_only_told_for_no_text_says_how_many(elected: int, told: list[str]) -> None:
    done = taken("second_round", "reduce_seats", reduced(elected, seats=15))
    assert done.target == "declared"
    assert [(note.code, type(note), note.certainty) for note in done.notes] == [
        (code, Caution, Certainty.D) for code in told
    ]
