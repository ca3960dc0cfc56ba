"""Random elections end as an oracle says that counts every ballot anew and tries every way to fill the seats."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from contracts.membership.elections import EmployerTie, MeetingKind, Round, Vote
from contracts.membership.posts import Body, Post
from kernel.calendar import Calendar
from kernel.law import Overridden
from kernel.states import NEW, IllegalTransition
from services.membership.elections.counting import Ballot, count, figures_agree, next_poll, outcome
from services.membership.elections.facts import Candidate, Facts, Meeting, Office, Poll, UnionFigures
from services.membership.elections.rules import ELECTION
from tests.support.elections import HELD_ON, OVERRIDE, ZONE, breaches, facts, people

NAMES = "abcdef"
STRANGERS = "xyz"
DAY = timedelta(days=1)
#: Rules that were read in their text: nobody lets their breach pass.
READ = {"R-ORG-02", "R-ORG-10", "R-MEM-11", "R-MEM-16", "R-ELE-01", "R-ELE-08"}

ballots = st.lists(st.dictionaries(st.sampled_from(NAMES + STRANGERS), st.sampled_from(Vote)), max_size=12)


# ---- The oracle of a vote


def said(ballot: Ballot, word: str) -> set[str]:
    return {name for name in ballot if ballot[name].value == word}


def votes_by_hand(cast: Sequence[Ballot], poll: Poll, able: set[str]) -> dict[str, int]:
    """How many yes each name has, ballot by ballot."""
    found = dict.fromkeys(poll.names, 0)
    for ballot in cast:
        named = said(ballot, "yes")
        if len(named) > poll.seats:
            continue
        strangers = named.difference(poll.names)
        room = said(ballot, "no").intersection(poll.names)
        if poll.round == "runoff" or len(strangers) > len(room):
            strangers = set()
        for name in named.intersection(poll.names) | strangers & able:
            found[name] = found.get(name, 0) + 1
    return found


def fillings(seats: int, yes: dict[str, int]) -> list[set[str]]:
    """Every way to seat as many as there are seats for so that nobody outside has more votes than somebody inside."""
    chosen = [set(group) for group in combinations(yes, min(seats, len(yes)))]
    return [
        group
        for group in chosen
        if all(yes[inside] >= yes[outside] for inside in group for outside in set(yes) - group)
    ]


def elected_by_hand(poll: Poll, yes: dict[str, int], entitled: int) -> tuple[set[str], set[str]]:
    """Who sits in every lawful filling, and who in some only."""
    enough = {name: votes for name, votes in yes.items() if poll.round == "runoff" or votes + votes > entitled}
    lawful = fillings(poll.seats, enough)
    return set.intersection(*lawful), set.union(*lawful) - set.intersection(*lawful)


@given(ballots, st.integers(1, 4), st.sampled_from(Round), st.integers(1, 14), st.sets(st.sampled_from(STRANGERS)))
def test_a_vote_elects_whom_every_lawful_way_to_fill_the_seats_would(
    cast: list[Ballot], seats: int, round_: Round, entitled: int, known: set[str]
) -> None:
    poll = Poll(round_, seats, tuple(NAMES))
    meeting = Meeting(MeetingKind.MEMBERS, HELD_ON, entitled, entitled)
    found = count(cast, poll, len(cast))
    result = outcome(facts(poll=poll, meeting=meeting, count=found, written_in=[Candidate(name) for name in known]))
    elected, tied = elected_by_hand(poll, votes_by_hand(cast, poll, known), entitled)
    event(f"tied: {bool(tied)}, all elected: {len(elected) == seats}")

    assert (set(result.elected), set(result.tied)) == (elected, tied)
    assert result.open_seats == seats - len(elected)
    assert figures_agree(poll, found)


# ---- Whole elections


class Walk:
    """One election on its way through the table, while an oracle keeps the winners on a list of its own."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.seats, self.entitled = draw(st.integers(1, 3)), draw(st.integers(2, 5))
        self.poll = Poll(Round.FIRST, self.seats, tuple(NAMES[: self.seats + 1]))
        self.winners: set[str] = set()
        self.cast: Sequence[Ballot] = ()
        self.issued = 0
        self.state = "voting"

    def go_on(self) -> None:
        command = self.draw(st.sampled_from(ELECTION.actions(self.state)))
        event(f"{self.state}: {command}")
        getattr(self, command)()

    def close_ballots(self) -> None:
        self.issued = self.entitled - self.draw(st.sampled_from((0, 0, 0, 1)))
        self.cast = self.draw(st.sampled_from((self.of_one_mind, self.each_leaving_out_others)))()
        self.take("close_ballots")
        assert self.state == ("void" if len(self.cast) > self.issued else "counted")

    def of_one_mind(self) -> list[Ballot]:
        slate = self.draw(st.sets(st.sampled_from([*self.poll.names, "z"]), max_size=self.poll.seats))
        marks = st.dictionaries(st.sampled_from([*self.poll.names, *STRANGERS]), st.sampled_from(Vote), max_size=2)
        odd = self.draw(st.lists(marks, max_size=2))
        return [*odd, *[self.ballot(slate)] * (self.entitled - len(odd))]

    def each_leaving_out_others(self) -> list[Ballot]:
        names, seats = [*self.poll.names] * 2, self.poll.seats
        turns = [turn % len(self.poll.names) for turn in range(self.entitled)]
        return [self.ballot(set(names[turn : turn + seats])) for turn in turns]

    def ballot(self, slate: set[str]) -> Ballot:
        return dict.fromkeys(self.poll.names, Vote.NO) | dict.fromkeys(slate, Vote.YES)

    def declare(self) -> None:
        result = outcome(self.facts())
        able = set(STRANGERS) - self.winners
        elected, tied = elected_by_hand(self.poll, votes_by_hand(self.cast, self.poll, able), self.entitled)
        self.take("declare")
        assert not elected & self.winners
        self.winners |= elected
        filled = len(self.winners) == self.seats
        assert self.state == ("declared" if filled else "runoff" if tied else "second_round")
        if not filled:
            self.poll = next_poll(self.poll, result)
            assert set(self.poll.names) == tied or not tied
            assert self.poll.seats == self.seats - len(self.winners)

    def vote_again(self) -> None:
        present = self.draw(st.integers(0, self.entitled))
        meeting = Meeting(MeetingKind.MEMBERS, HELD_ON, self.entitled, present)
        self.take_if(present * 3 >= self.entitled * 2, "vote_again", meeting=meeting)

    def reduce_seats(self) -> None:
        agreed = self.draw(st.integers(0, self.entitled))
        if self.take_if(agreed * 2 > self.entitled and bool(self.winners), "reduce_seats", agreed=agreed):
            self.seats = len(self.winners)

    def submit(self) -> None:
        self.take("submit")

    def approve(self) -> None:
        kept = self.draw(st.booleans())
        self.take_if(kept, "approve", procedure_kept=kept)

    def refuse(self) -> None:
        self.take("refuse")

    def plan_again(self) -> None:
        self.take("plan_again")

    def take(self, command: str, **changes: Any) -> None:
        self.state = ELECTION.next(self.state, command, self.facts(**changes)).target

    def take_if(self, lawful: bool, command: str, **changes: Any) -> bool:
        """Take a step that the law allows; else be refused it, and stay."""
        assert bool(breaches(self.state, command, self.facts(**changes))) is not lawful
        if lawful:
            self.take(command, **changes)
        return lawful

    def facts(self, **changes: Any) -> Facts:
        usual = {
            "union": UnionFigures(ZONE, 300, 0),
            "office": Office(Body.WOMEN, Post.MEMBER, self.seats),
            "meeting": Meeting(MeetingKind.MEMBERS, HELD_ON, self.entitled, self.entitled),
            "poll": self.poll,
            "count": count(self.cast, self.poll, self.issued),
            "written_in": [Candidate(name) for name in STRANGERS],
            "elected": [Candidate(name) for name in self.winners],
        }
        return facts(**(usual | changes))


@given(st.data())
def test_whichever_way_an_election_goes_its_winners_and_its_state_are_those_of_the_oracle(data: st.DataObject) -> None:
    walk = Walk(data.draw)
    for _ in range(12):
        if walk.state == "planned" or ELECTION.is_final(walk.state):
            break
        walk.go_on()
        assert len(walk.winners) <= walk.seats
        if walk.state in {"declared", "awaiting_approval", "approved"}:
            assert len(walk.winners) == walk.seats
    event(f"ended {walk.state}")


@given(st.lists(st.sampled_from(sorted({row.command for row in ELECTION.transitions})), max_size=30))
def test_no_command_is_possible_in_a_state_whose_actions_do_not_name_it(commands: list[str]) -> None:
    state = NEW
    for command in commands:
        if command in ELECTION.actions(state):
            state = next(row.target for row in ELECTION.transitions if (row.source, row.command) == (state, command))
        else:
            with pytest.raises(IllegalTransition):
                ELECTION.next(state, command, facts())


# ---- The oracle of the guards


#: Up to so many members: the least and most representatives, and seats of the committee.
REPRESENTATIVES = ((99, 0, 9_999), (200, 30, 40), (1_000, 40, 60), (5_000, 60, 90), (10_000, 90, 130))
SEATS = ((24, 3, 5), (200, 3, 7), (1_000, 7, 15), (5_000, 15, 21), (10_000, 21, 29))


def fits(table: Sequence[tuple[int, int, int]], members: int, number: int) -> bool:
    return next(least <= number <= most for upper, least, most in table if members <= upper)


def broken_by_meeting(given_facts: Facts) -> set[str]:
    """The rules on who meets, in whole numbers and with the tables written down once more."""
    members, meeting, published_on = given_facts.union.members, given_facts.meeting, given_facts.published_on
    assert meeting is not None
    assert published_on is not None
    by_some = meeting.kind == "representatives"
    out_on = [published_on + place * DAY for place in range((HELD_ON - published_on).days)]
    kept = {
        "R-ELE-01": not by_some or members >= 101,
        "R-ELE-02": not by_some or fits(REPRESENTATIVES, members, meeting.entitled),
        "R-ELE-03": fits(SEATS, members, given_facts.office.seats),
        "R-ELE-05": sum(map(Calendar.load().is_working_day, out_on)) >= 5,
        "R-ELE-06": meeting.present * 3 >= meeting.entitled * 2,
        "R-ELE-08": meeting.is_secret,
    }
    return {code for code, is_kept in kept.items() if not is_kept}


def broken_by_list(given_facts: Facts) -> set[str]:
    """The rules on who stands for the committee."""
    seats, stand, union = given_facts.office.seats, given_facts.candidates, given_facts.union
    women = 0 if "women" in union.bodies else union.women_members
    ties = {one.employer_tie for one in stand} - {None}
    kept = {
        "R-ELE-07": (len(stand) - seats) * 100 >= seats * 5,
        "R-MEM-11": not any(one.is_retained for one in stand),
        "R-MEM-16": all(one.is_member for one in stand),
        "R-ORG-10": "relative_of_main_head" not in ties,
        "R-ELE-04": ties <= {"relative_of_main_head"},
        "R-ORG-02": women not in range(1, 10) or any(one.is_woman for one in stand),
        "R-ORG-03": women < 10,
        "R-ELE-14.together": not union.keeps_accounts or "audit" in union.bodies,
    }
    return {code for code, is_kept in kept.items() if not is_kept}


def check(state: str, command: str, given_facts: Facts, broken: set[str], let_pass: set[str]) -> None:
    """What is broken refuses, and goes on as a note where it was let pass; a text that was read is never let pass."""
    asked = replace(given_facts, overrides=dict.fromkeys(let_pass, OVERRIDE))
    stops = {code for code in broken if code in READ or code not in let_pass}
    event(f"{command}: {'refused' if stops else 'overridden' if broken else 'taken'}")
    assert {rule_code for _, rule_code, _ in breaches(state, command, asked)} == stops
    if not stops:
        notes = ELECTION.next(state, command, asked).notes
        assert {note.rule_code for note in notes if isinstance(note, Overridden)} == broken


@st.composite
def meetings(draw: st.DrawFn) -> Facts:
    number = draw(st.one_of(st.sampled_from((24, 25, 100, 101, 200, 201, 1_000, 1_001, 5_000)), st.integers(10, 9_999)))
    kind = draw(st.sampled_from((MeetingKind.MEMBERS, MeetingKind.REPRESENTATIVES)))
    size = st.integers(25, 95).map(lambda wanted: min(wanted, number))
    entitled = number if kind is MeetingKind.MEMBERS else draw(size)
    present = draw(st.one_of(st.just(entitled), st.integers(entitled // 2, entitled)))
    return facts(
        union=UnionFigures(ZONE, number, 0),
        office=Office(Body.COMMITTEE, Post.MEMBER, draw(st.one_of(st.sampled_from((3, 5, 7, 15)), st.integers(2, 22)))),
        meeting=Meeting(kind, HELD_ON, entitled, present, draw(st.sampled_from((True, True, True, False)))),
        published_on=draw(st.dates(date(2022, 5, 20), date(2022, 6, 15))),
    )


@st.composite
def lists(draw: st.DrawFn) -> Facts:
    seats = draw(st.integers(3, 25))
    traits = st.fixed_dictionaries(
        {
            "is_member": st.just(True),
            "is_retained": st.just(False),
            "employer_tie": st.none(),
            "is_woman": st.booleans(),
        }
    )
    rare = st.fixed_dictionaries(
        {
            "is_member": st.booleans(),
            "is_retained": st.booleans(),
            "employer_tie": st.one_of(st.none(), st.sampled_from(EmployerTie)),
        }
    )
    stand = people(draw(st.integers(max(seats - 1, 1), seats + 3)), **draw(traits))
    if draw(st.booleans()):
        stand[0] = replace(stand[0], **draw(rare))
    bodies = draw(st.sets(st.sampled_from((Body.WOMEN, Body.AUDIT))))
    women = draw(st.sampled_from((0, 1, 9, 10, 50)))
    union = UnionFigures(ZONE, 205, women, keeps_accounts=draw(st.booleans()), bodies=tuple(bodies))
    return facts(union=union, office=Office(Body.COMMITTEE, Post.MEMBER, seats), candidates=stand)


RULES = ("R-ELE-01", "R-ELE-02", "R-ELE-03", "R-ELE-05", "R-ELE-06", "R-ELE-08")
RULES_OF_LISTS = (
    "R-ELE-04",
    "R-ELE-07",
    "R-ELE-14.together",
    "R-MEM-11",
    "R-MEM-16",
    "R-ORG-02",
    "R-ORG-03",
    "R-ORG-10",
)


@given(meetings(), st.sets(st.sampled_from(RULES)))
def test_a_meeting_opens_just_when_no_rule_is_broken_that_nobody_let_pass(
    given_facts: Facts, let_pass: set[str]
) -> None:
    check("published", "open_meeting", given_facts, broken_by_meeting(given_facts), let_pass)


@given(lists(), st.sets(st.sampled_from(RULES_OF_LISTS)))
def test_a_list_is_published_just_when_no_rule_is_broken_that_nobody_let_pass(
    given_facts: Facts, let_pass: set[str]
) -> None:
    check("planned", "publish_candidates", given_facts, broken_by_list(given_facts), let_pass)
