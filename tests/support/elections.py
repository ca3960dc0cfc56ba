"""The founding meeting of a union of couriers and riders, from which tests of elections differ in what they test."""

from datetime import date
from typing import Any

from chassis.states import step
from contracts.membership.elections import MeetingKind, Method, Round
from contracts.membership.posts import Body, Post
from kernel.law import Override
from kernel.states import Refused, Taken
from services.membership.elections.facts import Candidate, Count, Facts, Meeting, Office, Poll, UnionFigures, Votes
from services.membership.elections.rules import ELECTION

ZONE = "330110"
HELD_ON = date(2022, 6, 18)
REGULATION = "工会基层组织选举工作条例"
OVERRIDE = Override(by="district-officer", reason="half the riders are kept away by the flood")
COMMITTEE = Office(Body.COMMITTEE, Post.MEMBER, 9)
AUDIT = Office(Body.AUDIT, Post.MEMBER, 3)
WOMEN = Office(Body.WOMEN, Post.MEMBER, 5)
CHAIR = Office(Body.COMMITTEE, Post.CHAIR, 1)

#: Code, rule and field of a refusal.
Breach = tuple[str, str | None, str | None]


def people(number: int, **traits: Any) -> list[Candidate]:
    return [Candidate(f"{place:064x}", **traits) for place in range(number)]


def facts(**changes: Any) -> Facts:
    """205 members, 60 delegates, a committee of nine from ten who stand, and nothing against the law but `changes`."""
    usual: dict[str, Any] = {
        "on": HELD_ON,
        "today": HELD_ON,
        "union": UnionFigures(ZONE, 205, 41, keeps_accounts=True, bodies=(Body.AUDIT, Body.WOMEN)),
        "office": COMMITTEE,
        "method": Method.DIRECT,
        "term_years": 5,
        "candidates": people(10),
        "published_on": date(2022, 6, 13),
        "meeting": Meeting(MeetingKind.REPRESENTATIVES, HELD_ON, 60, 57),
        "submitted_on": HELD_ON,
    }
    return Facts(**(usual | changes))


def members(number: int, women: int = 0) -> UnionFigures:
    return UnionFigures(ZONE, number, women)


def meeting(entitled: int, present: int | None = None, kind: MeetingKind = MeetingKind.MEMBERS) -> Meeting:
    return Meeting(kind, HELD_ON, entitled, entitled if present is None else present)


def breaches(state: str, command: str, given: Facts) -> list[Breach]:
    """Every refusal: its code, rule and field; nothing if the command is carried out."""
    try:
        ELECTION.next(state, command, given)
    except Refused as refused:
        return [(one.code, one.rule_code, one.field) for one in refused.refusals]
    return []


def taken(state: str, command: str, given: Facts) -> Taken[Facts]:
    return step(ELECTION, state, command, given)


def counted(yes: dict[str, int], seats: int, entitled: int = 60, **changes: Any) -> Facts:
    """A vote in which all who are entitled voted, and whoever did not say yes said no."""
    votes = {name: Votes(number, entitled - number) for name, number in yes.items()}
    poll = Poll(changes.pop("round", Round.FIRST), seats, tuple(yes))
    changes = {"meeting": meeting(entitled, kind=MeetingKind.REPRESENTATIVES)} | changes
    return facts(poll=poll, count=Count(entitled, entitled, votes=votes), **changes)
