"""From ballots to winners: which ballots count, who is elected, and what is left for another vote."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from contracts.membership.elections import Round, Vote
from services.membership.elections.candidates import may_stand
from services.membership.elections.facts import Count, Facts, Poll, Votes

#: What one ballot says, by subject key. A name that is missing was abstained from; a yes to one that is not on the
#: list writes that person in.
Ballot: TypeAlias = Mapping[str, Vote]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote led to; at most one of ties and too few winners leaves seats open."""

    #: By votes, then by key.
    elected: tuple[str, ...]
    #: Those who have as many votes as each other at the border, of whom only some can be elected.
    tied: tuple[str, ...] = ()
    open_seats: int = 0


def count(ballots: Sequence[Ballot], poll: Poll, issued: int) -> Count:
    """Count the ballots that came back, whatever was issued.

    A ballot with more names than seats is void, fewer are valid (R-ELE-09). Only who votes no may write in another
    (R-ELE-08): where a ballot writes in more people than it says no to, nobody knows which of them it meant, and none
    counts. A run-off is between the tied and has no other names.
    """
    valid = [ballot for ballot in ballots if sum(vote == Vote.YES for vote in ballot.values()) <= poll.seats]
    written_in = Counter(name for ballot in valid for name in _written_in(ballot, poll))
    votes = {name: _votes(ballot.get(name, Vote.ABSTAIN) for ballot in valid) for name in poll.names}
    return Count(issued, len(ballots), len(ballots) - len(valid), votes, dict(written_in))


def figures_agree(poll: Poll, count: Count) -> bool:
    """Whether a count could be that of ballots: each valid one says yes, no or nothing to each name on the list."""
    valid = count.returned - count.void
    asked = set(poll.names)
    per_name = all((one.yes + one.no + one.abstain) == valid for one in count.votes.values())
    written = sum(count.written_in.values())
    named = sum(one.yes for one in count.votes.values()) + written
    return (
        0 <= count.void <= count.returned
        and count.votes.keys() == asked
        and per_name
        and not asked & count.written_in.keys()
        and all(times <= valid for times in count.written_in.values())
        and named <= valid * poll.seats
        and written <= sum(one.no for one in count.votes.values())
        and not (poll.round == Round.RUNOFF and written)
    )


def outcome(facts: Facts) -> Outcome:
    """Who is elected by the votes counted (R-ELE-10).

    More than half of those entitled to attend must have said yes; a run-off is won by most votes, for those tied had
    this majority before. Votes for somebody written in who may not stand, or was elected before, elect nobody.
    """
    assert facts.poll is not None
    assert facts.meeting is not None
    is_runoff, entitled = facts.poll.round == Round.RUNOFF, facts.meeting.entitled
    majority = facts.rule("R-ELE-10")
    return fill(facts.poll.seats, _yes(facts), lambda yes: is_runoff or majority.holds(Fraction(yes, entitled)))


def fill(seats: int, yes: Mapping[str, int], suffices: Callable[[int], bool]) -> Outcome:
    """Give the seats to those whose votes suffice, most votes first; those tied at the border are not ranked."""
    winners = sorted((name for name, votes in yes.items() if suffices(votes)), key=lambda name: (-yes[name], name))
    if len(winners) <= seats:
        return Outcome(tuple(winners), open_seats=seats - len(winners))
    border = yes[winners[seats - 1]]
    if yes[winners[seats]] < border:
        return Outcome(tuple(winners[:seats]))
    ahead = tuple(name for name in winners if yes[name] > border)
    return Outcome(ahead, tuple(name for name in winners if yes[name] == border), seats - len(ahead))


def next_poll(poll: Poll, left: Outcome) -> Poll:
    """The vote for the seats left open: between the tied, else among those of the list who were not elected."""
    seats = left.open_seats
    if left.tied:
        return Poll(Round.RUNOFF, seats, left.tied)
    return Poll(Round.SECOND, seats, tuple(name for name in poll.names if name not in left.elected))


def _yes(facts: Facts) -> dict[str, int]:
    assert facts.count is not None
    listed = {name: votes.yes for name, votes in facts.count.votes.items()}
    able = {candidate.subject_key for candidate in facts.written_in if may_stand(facts, candidate)}
    able -= {candidate.subject_key for candidate in facts.elected}
    return listed | {name: yes for name, yes in facts.count.written_in.items() if name in able}


def _written_in(ballot: Ballot, poll: Poll) -> Sequence[str]:
    others = [name for name, vote in ballot.items() if vote == Vote.YES and name not in poll.names]
    noes = sum(ballot.get(name) == Vote.NO for name in poll.names)
    return () if poll.round == Round.RUNOFF or len(others) > noes else others


def _votes(given: Iterable[Vote]) -> Votes:
    said = Counter(given)
    return Votes(said[Vote.YES], said[Vote.NO], said[Vote.ABSTAIN])
