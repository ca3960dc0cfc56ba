"""The life of an election, from its plan to the superior's answer; nothing here reads or writes."""

from collections.abc import Iterator
from fractions import Fraction

from contracts.membership.elections import ElectionState
from contracts.membership.posts import Post
from kernel.law import Caution, Finding, Refusal
from kernel.states import NEW, Machine, Transition, from_each
from services.membership.elections.candidates import (
    bodies_come_together,
    list_is_in_order,
    needs_a_woman,
    told_of_written_in,
)
from services.membership.elections.counting import figures_agree, outcome
from services.membership.elections.facts import Facts
from services.membership.elections.meetings import (
    has_quorum,
    may_meet,
    method_fits,
    published_in_time,
    seats_fit,
)
from services.membership.elections.terms import answer_due

#: States after which the meeting votes once more.
_ANOTHER_VOTE = (ElectionState.VOID, ElectionState.RUNOFF, ElectionState.SECOND_ROUND)


def may_plan(facts: Facts) -> Iterator[Finding | None]:
    """A lawful term (R-ORG-08), a method that the post allows (R-ELE-12), and one chair."""
    choices = ", ".join(str(years) for years in facts.rule("R-ORG-08").choices)
    yield facts.measure("R-ORG-08", facts.term_years, code="term_not_allowed", at="term_years", choices=choices)
    yield method_fits(facts)
    if facts.office.post == Post.CHAIR and facts.office.seats != 1:
        yield Refusal("one_chair", "seats")


def may_publish(facts: Facts) -> Iterator[Finding | None]:
    """All who stand may (R-ELE-04), they are enough (R-ELE-07), and other bodies come where needed (R-ORG-03)."""
    yield _has_come(facts, "published_on")
    yield from list_is_in_order(facts)
    yield from bodies_come_together(facts)


def may_open(facts: Facts) -> Iterator[Finding | None]:
    """Who may meet has a quorum (R-ELE-01, -02, -06), the seats fit (R-ELE-03), the list was out in time (R-ELE-05)."""
    assert facts.meeting is not None
    yield _has_come(facts, "held_on")
    yield from may_meet(facts, facts.meeting)
    yield seats_fit(facts, facts.office.seats)
    yield published_in_time(facts, facts.meeting)
    yield from has_quorum(facts, facts.meeting)


def may_vote_again(facts: Facts) -> Iterator[Finding | None]:
    """With a quorum as in the first vote (R-ELE-06)."""
    assert facts.meeting is not None
    yield from has_quorum(facts, facts.meeting)


def ballots_count(facts: Facts) -> Iterator[Finding | None]:
    """No more ballots came back than were issued (R-ELE-09), and the figures are those of ballots."""
    yield _issued_to_entitled(facts)
    yield _returned(facts)
    yield _adds_up(facts)
    yield from told_of_written_in(facts)


def ballots_are_void(facts: Facts) -> Iterator[Finding | None]:
    """More ballots came back than were issued (R-ELE-09)."""
    yield _issued_to_entitled(facts)
    if not isinstance(_returned(facts), Refusal):
        yield _adds_up(facts)


def every_seat_is_filled(facts: Facts) -> Refusal | None:
    """As many winners as seats (R-ELE-10)."""
    left = outcome(facts).open_seats
    return _fails(facts, "R-ELE-10", code="seats_open", open=left) if left else None


def winners_are_tied(facts: Facts) -> Refusal | None:
    """More winners than seats, and those at the border have as many votes as each other (R-ELE-10)."""
    left = outcome(facts)
    return None if left.tied else _fails(facts, "R-ELE-11", code="too_few_winners", open=left.open_seats)


def may_reduce_seats(facts: Facts) -> Iterator[Finding | None]:
    """Most of those entitled agree (R-ELE-11), near the number, and the rest is a lawful body (R-ELE-03)."""
    assert facts.meeting is not None
    filled, seats = len(facts.elected), facts.office.seats
    if facts.agreed > facts.meeting.present:
        yield Refusal("more_agreed_than_present", "agreed")
    share = Fraction(facts.agreed, facts.meeting.entitled)
    yield facts.measure("R-ELE-11", share, code="reduction_without_majority", at="agreed")
    if not filled:
        yield _fails(facts, "R-ELE-11", code="nobody_elected")
    yield seats_fit(facts, filled)
    yield facts.measure("R-ELE-11.near", Fraction(filled, seats), code="reduced_by_many", at="seats")


def may_approve(facts: Facts) -> Iterator[Finding | None]:
    """From above, of a vote that kept to the procedure (R-ELE-13) and elected a woman where one must sit (R-ORG-02)."""
    yield from _answer(facts)
    yield facts.judge("R-ELE-13.procedure", facts.procedure_kept, code="against_procedure", at="procedure_kept")
    if needs_a_woman(facts):
        yield facts.judge("R-ORG-02", any(one.is_woman for one in facts.elected), code="no_woman_elected")


def may_refuse(facts: Facts) -> Iterator[Finding | None]:
    """From above (R-ELE-13)."""
    yield from _answer(facts)


def _fails(facts: Facts, rule_code: str, *, code: str, **params: object) -> Refusal:
    """Why a result is not the one that a row leads to; nobody can let it pass."""
    rule = facts.rule(rule_code)
    words = {name: str(value) for name, value in params.items()}
    return Refusal(code, None, rule.code, rule.citation, rule.certainty, params=words)


def _answer(facts: Facts) -> Iterator[Finding | None]:
    """A late answer is told and holds: the period binds the superior, and the union cannot be made to wait longer."""
    assert facts.submitted_on is not None
    yield _has_come(facts, "answered_on")
    if facts.on < facts.submitted_on:
        yield Refusal("answered_before_submission", "answered_on")
    yield facts.judge("R-ELE-13", facts.decided_above, code="own_election")
    due = answer_due(facts.union.region_code, facts.submitted_on).on
    if facts.on > due:
        rule = facts.rule("R-ELE-13.answer")
        params = {"due": due.isoformat()}
        yield Caution("answered_late", "answered_on", rule.code, rule.citation, rule.certainty, params=params)


def _has_come(facts: Facts, at: str) -> Refusal | None:
    late = facts.on > facts.today
    return Refusal("date_in_future", at, params={"today": facts.today.isoformat()}) if late else None


def _issued_to_entitled(facts: Facts) -> Refusal | None:
    """Nobody votes for another (R-ELE-08); a roving box brings ballots to those who are not present."""
    assert facts.count is not None
    assert facts.meeting is not None
    many = facts.count.issued > facts.meeting.entitled
    return Refusal("more_issued_than_entitled", "ballots_issued") if many else None


def _returned(facts: Facts) -> Finding | None:
    assert facts.count is not None
    kept = facts.count.returned <= facts.count.issued
    return facts.judge("R-ELE-09", kept, code="more_returned_than_issued", at="ballots_returned")


def _adds_up(facts: Facts) -> Refusal | None:
    assert facts.poll is not None
    assert facts.count is not None
    return None if figures_agree(facts.poll, facts.count) else Refusal("votes_do_not_add_up", "votes")


#: The life of an election. Posts begin with its approval, counted from the day of the vote.
ELECTION = Machine(
    "election",
    NEW,
    (
        Transition(NEW, "plan", ElectionState.PLANNED, may_plan),
        Transition(ElectionState.PLANNED, "publish_candidates", ElectionState.PUBLISHED, may_publish),
        Transition(ElectionState.PUBLISHED, "open_meeting", ElectionState.VOTING, may_open),
        Transition(ElectionState.VOTING, "close_ballots", ElectionState.COUNTED, ballots_count),
        Transition(ElectionState.VOTING, "close_ballots", ElectionState.VOID, ballots_are_void),
        Transition(ElectionState.COUNTED, "declare", ElectionState.DECLARED, every_seat_is_filled),
        Transition(ElectionState.COUNTED, "declare", ElectionState.RUNOFF, winners_are_tied),
        Transition(ElectionState.COUNTED, "declare", ElectionState.SECOND_ROUND),
        *from_each(_ANOTHER_VOTE, "vote_again", ElectionState.VOTING, may_vote_again),
        Transition(ElectionState.SECOND_ROUND, "reduce_seats", ElectionState.DECLARED, may_reduce_seats),
        Transition(ElectionState.DECLARED, "submit", ElectionState.AWAITING_APPROVAL, clock="election_answer"),
        Transition(
            ElectionState.AWAITING_APPROVAL,
            "approve",
            ElectionState.APPROVED,
            may_approve,
            "union_election_approved",
            "term_end",
        ),
        Transition(ElectionState.AWAITING_APPROVAL, "refuse", ElectionState.REFUSED, may_refuse),
        Transition(ElectionState.REFUSED, "plan_again", ElectionState.PLANNED, may_plan),
    ),
)
