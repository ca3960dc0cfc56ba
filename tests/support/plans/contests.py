"""Contests of both tiers: more register than there are places, one gives a place back, and most of the others come."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle

from contracts.events import activities
from contracts.events.registrations import CancelRegistration, ListRegistrations, RegisterPeople
from contracts.roles import Role
from tests.support.plans.members import active
from tests.support.plans.people import Person
from tests.support.plans.steps import YEAR, Course, Fields, Of, Pick, Step
from tests.support.plans.studies import draft
from tests.support.plans.unions import TIERS, UNION, tier_step

#: How contests end.
_ENDINGS = ("closed", "closed", "cancelled", "closed", "voided", "open", "closed")
#: Places; people on the first list, and on both; one is on both.
_QUOTA, _FIRST, _INVITED = 6, 4, 8


def courses(chance: random.Random) -> Iterator[Course]:
    """A course for each contest, all of them in the summer or later, when everybody is a member."""
    for number, (ending, tier) in enumerate(zip(_ENDINGS, cycle(TIERS), strict=False), 1):
        called = f"Welding contest {number}"
        held_on = date(YEAR, 6, 1) + timedelta(days=chance.randrange(180))
        invited = chance.sample(active(), _INVITED)
        yield Course(called, list(_steps(chance, called, tier, held_on, invited, ending)))


def _steps(
    chance: random.Random, called: str, tier: str, held_on: date, invited: Sequence[Person], ending: str
) -> Iterator[Step]:
    this = {"activity_id": Of(called)}
    yield Step(activities.DraftActivity, Role.OFFICER, _draft(called, tier, held_on), called)
    yield Step(activities.SubmitActivity, Role.OFFICER, this)
    yield Step(activities.ApproveActivity, Role.CHAIR, this)
    yield Step(activities.PublishActivity, Role.OFFICER, this)
    yield from _registrations(called, invited)
    if ending == "open":
        return
    if ending == "cancelled":
        yield Step(activities.CancelActivity, Role.OFFICER, {**this, "reason": "too_few"})
        return
    # the second gave the place back, and the first who waited got it
    with_place = [person for person in invited[: _QUOTA + 1] if person is not invited[1]]
    came = [{"subject_key": person.subject_key} for person in chance.sample(with_place, _QUOTA - 1)]
    yield Step(activities.HoldActivity, Role.OFFICER, {**this, "held_on": held_on.isoformat()})
    yield Step(activities.RecordAttendance, Role.OFFICER, {**this, "attendances": came}, expects={"added": len(came)})
    yield Step(activities.CloseActivity, Role.OFFICER, {**this, "evidence_ref": "list-1"})
    if ending == "voided":
        yield Step(activities.VoidActivity, Role.ZONE_OFFICER, {**this, "reason_code": "recorded_twice"})


def _draft(called: str, tier: str, held_on: date) -> Fields:
    return {
        **draft(called, held_on),
        "kind": activities.ActivityKind.COMPETITION,
        "organizer_union_id": Of(UNION),
        "tier": Of(tier_step(tier), "code"),
        "quota": _QUOTA,
    }


def _registrations(called: str, invited: Sequence[Person]) -> Iterator[Step]:
    this = {"activity_id": Of(called)}
    keys = [person.subject_key for person in invited]
    first, second = keys[:_FIRST], keys[_FIRST - 1 :]
    yield _register(called, first, confirmed=_FIRST, waitlisted=0, already_there=0)
    yield _register(called, second, confirmed=_QUOTA - _FIRST, waitlisted=_INVITED - _QUOTA, already_there=1)
    gone = f"{called} given back"
    yield Pick(ListRegistrations, Role.OFFICER, this, gone, having={"subject_key": invited[1].subject_key})
    yield Step(CancelRegistration, Role.OFFICER, {"registration_id": Of(gone)}, expects={"state": "cancelled"})


def _register(called: str, keys: Sequence[Of], **expects: int) -> Step:
    fields = {"activity_id": Of(called), "subject_keys": keys}
    return Step(RegisterPeople, Role.OFFICER, fields, expects=expects)
