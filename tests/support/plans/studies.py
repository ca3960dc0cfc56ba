"""Study activities from a draft to their end, and who came to each: people whom no register knows."""

import hashlib
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from contracts.events import activities
from contracts.roles import Role
from kernel.codes.worker_category import WorkerCategory
from tests.support.plans.steps import YEAR, Course, Fields, Of, Step
from tests.support.plans.unions import UNION

#: Activities of one plan.
ACTIVITIES = 12
#: People who come to them.
_PEOPLE = 80
#: Lists of attendances for one activity, and lines of one list, at most.
_MOST_LISTS, _MOST_LINES = 3, 9
#: How activities end, in turn: most count in the report, some do not for each of its reasons.
_ENDINGS = ("closed", "closed", "voided", "closed", "corrected", "closed", "held", "closed", "cancelled", "approved")


def title(number: int) -> str:
    """What an activity is called; so is the step that drafts it."""
    return f"Reading evening {number}"


def courses(chance: random.Random) -> Iterator[Course]:
    """A course for each activity."""
    for number, ending in enumerate(islice(cycle(_ENDINGS), ACTIVITIES), 1):
        held_on = date(YEAR, 1, 20) + timedelta(days=chance.randrange(300))
        yield Course(title(number), list(_steps(chance, title(number), held_on, ending)))


def draft(called: str, held_on: date) -> Fields:
    """An activity but for the union that organises it."""
    return {
        "kind": activities.ActivityKind.STUDY,
        "title": called,
        "starts_at": f"{held_on}T19:00:00+08:00",
        "ends_at": f"{held_on}T21:00:00+08:00",
    }


def _steps(chance: random.Random, called: str, held_on: date, ending: str) -> Iterator[Step]:
    sessions = chance.randint(1, 3)
    this = {"activity_id": Of(called)}
    fields = {**draft(called, held_on), "organizer_union_id": Of(UNION)}
    yield Step(activities.DraftActivity, Role.OFFICER, fields, called)
    yield Step(activities.SubmitActivity, Role.OFFICER, this)
    yield Step(activities.ApproveActivity, Role.CHAIR, this)
    if ending == "approved":
        return
    yield Step(activities.PublishActivity, Role.OFFICER, this)
    if ending == "cancelled":
        yield Step(activities.CancelActivity, Role.OFFICER, {**this, "reason": "weather"})
        return
    yield Step(activities.HoldActivity, Role.OFFICER, {**this, "held_on": held_on.isoformat(), "sessions": sessions})
    for _ in range(chance.randint(1, _MOST_LISTS)):
        yield Step(activities.RecordAttendance, Role.OFFICER, {**this, "attendances": _lines(chance, sessions)})
    if ending == "held":
        return
    yield Step(activities.CloseActivity, Role.OFFICER, {**this, "evidence_ref": "list-1"})
    if ending == "voided":
        yield Step(activities.VoidActivity, Role.ZONE_OFFICER, {**this, "reason_code": "recorded_twice"})
    if ending == "corrected":
        later = held_on + timedelta(days=1)
        corrected = {"held_on": later.isoformat(), "sessions": sessions, "reason_code": "wrong_date"}
        yield Step(activities.CorrectActivity, Role.ZONE_OFFICER, {**this, **corrected})


def _lines(chance: random.Random, sessions: int) -> list[dict[str, Any]]:
    """People who came to one session; some stand on another list too and are not to be counted twice."""
    session_no = chance.randint(1, sessions)
    categories = [category.value for category in WorkerCategory]
    return [
        {
            "subject_key": hashlib.sha256(f"person {person}".encode()).hexdigest(),
            "session_no": session_no,
            # a person has one category, so that it does not matter on which of two lists it is read
            "worker_category": categories[person % len(categories)],
        }
        for person in chance.sample(range(_PEOPLE), chance.randint(1, _MOST_LINES))
    ]
