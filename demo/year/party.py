"""Recommendations to the Party: those that the report counts, and one each of those that it must not."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.membership.party import Outcome
from demo.year.days import REPORT_DATE, WORKDAYS
from demo.year.people import Person
from demo.year.roster import Roster, is_industrial, is_outside_party
from demo.year.scale import DEVELOPMENT_TARGETS, RECOMMENDED

#: Who receives recommendations.
PARTY_ORGANISATION = "开发区党工委组织办"
#: The half-year of which the total is told, and what was told first and last, each on its day.
PERIOD = date(2023, 1, 1), date(2023, 6, 30)
TOTALS = ((WORKDAYS[12], DEVELOPMENT_TARGETS - 1), (WORKDAYS[13], DEVELOPMENT_TARGETS))
#: Days of nomination, review and recommendation: two rounds in the half-year, one after it.
_ROUNDS = (
    (WORKDAYS[4], WORKDAYS[5], WORKDAYS[7]),
    (WORKDAYS[8], WORKDAYS[9], WORKDAYS[11]),
    (WORKDAYS[12], WORKDAYS[12], WORKDAYS[13]),
)
#: When the Party organisation decides, and what it decides in turn.
_DECIDED_ON = WORKDAYS[16]
_OUTCOMES = (Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.ACCEPTED, None, Outcome.DEFERRED, None, Outcome.DECLINED)


@dataclass(frozen=True, slots=True)
class PlannedRecommendation:
    """Somebody who is nominated, a person by its number; later steps are None where they are not taken."""

    person: int
    nominated_on: date
    reviewed_on: date | None
    recommended_on: date | None
    outcome: Outcome | None = None
    outcome_on: date | None = None


def recommendations(chance: random.Random, roster: Roster) -> Iterator[PlannedRecommendation]:
    """Industrial workers in time; then one too late, one left at the nomination, and targets of other work."""
    workers = roster.draw(RECOMMENDED + 2, lambda person: is_industrial(person) and is_outside_party(person))
    others = roster.draw(
        DEVELOPMENT_TARGETS - RECOMMENDED, lambda person: not is_industrial(person) and is_outside_party(person)
    )
    *counted, late, left = workers
    for number, person in enumerate((*counted, *others)):
        yield _recommended(person, chance.choice(_ROUNDS[:2]), _OUTCOMES[number % len(_OUTCOMES)])
    yield _recommended(late, _ROUNDS[2], None)
    yield PlannedRecommendation(left.number, REPORT_DATE, None, None)


def _recommended(person: Person, days: tuple[date, date, date], outcome: Outcome | None) -> PlannedRecommendation:
    return PlannedRecommendation(person.number, *days, outcome, _DECIDED_ON if outcome else None)
