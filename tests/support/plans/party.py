"""Recommendations of members to the Party organisation, each with another outcome, and its total of targets."""

from collections.abc import Iterator, Sequence

from contracts.membership.party import (
    ConcludeRecommendation,
    NominateForParty,
    RecommendToParty,
    ReportDevelopmentTargets,
    ReviewNomination,
)
from contracts.roles import Role
from tests.support.plans.members import active
from tests.support.plans.people import Person
from tests.support.plans.steps import Course, Of, Step, day
from tests.support.plans.unions import FEDERATION, UNION

_PARTY_ORG = "Party committee of Riverside"
_IN_TIME, _TOO_LATE = day(6, 12), day(8, 14)
#: The outcomes of recommendations of industrial workers; a count of workers below five is not printed.
_OUTCOMES: Sequence[tuple[str, ...]] = (
    ("accepted",),
    ("declined",),
    ("deferred", "accepted"),
    ("accepted",),
    ("deferred",),
    (),
)


def courses() -> Iterator[Course]:
    """A course for each recommendation, and one for the totals."""
    staff = [person for person in active() if person.is_industrial_worker]
    others = [person for person in active() if not person.is_industrial_worker]
    for person, outcomes in zip(staff, _OUTCOMES, strict=False):
        yield _course(person, _IN_TIME, outcomes)
    yield _course(staff[len(_OUTCOMES)], _TOO_LATE, ("accepted",))
    yield _course(others[0], _IN_TIME, ("accepted",))
    yield Course("targets", [_total(40), _total(46)])


def _course(person: Person, recommended_on: str, outcomes: Sequence[str]) -> Course:
    return Course(f"recommendation {person.number}", list(_steps(person, recommended_on, outcomes)))


def _steps(person: Person, recommended_on: str, outcomes: Sequence[str]) -> Iterator[Step]:
    name = f"recommendation {person.number}"
    this = {"recommendation_id": Of(name)}
    nominated = {"subject_key": person.subject_key, "union_id": Of(UNION), "nominated_on": day(5, 8)}
    yield Step(NominateForParty, Role.OFFICER, {**nominated, "party_org_ref": _PARTY_ORG}, name)
    yield Step(ReviewNomination, Role.CHAIR, this)
    yield Step(RecommendToParty, Role.ZONE_OFFICER, {**this, "recommended_on": recommended_on})
    for outcome in outcomes:
        concluded = {**this, "outcome": outcome, "outcome_on": day(9, 4)}
        yield Step(ConcludeRecommendation, Role.PARTY_ORG, concluded, expects={"state": outcome})


def _total(total: int) -> Step:
    fields = {
        "federation_id": Of(FEDERATION),
        "party_org_ref": _PARTY_ORG,
        "period_from": day(1, 1),
        "period_to": day(6, 30),
        "total": total,
        "source_ref": "register of targets",
    }
    return Step(ReportDevelopmentTargets, Role.PARTY_ORG, fields, expects={"total": total})
