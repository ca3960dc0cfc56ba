"""What a load does, as a pure function of a seed: activities from a draft to their end, and who came to each."""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from contracts.declare import Request
from contracts.events import activities
from contracts.roles import Role
from kernel.codes.worker_category import WorkerCategory

#: Activities of one plan.
ACTIVITIES = 20
#: Year in which they are held, and the last day of the report on them.
YEAR = 2023
LAST_DAY = date(YEAR, 12, 31)
#: People who come to the activities of one plan.
_PEOPLE = 80
#: Lists of attendances for one activity, and lines of one list, at most.
_MOST_LISTS, _MOST_LINES = 3, 9
#: How activities end, in turn: most count in the report, some do not for each of its reasons.
_ENDINGS = ("closed", "closed", "voided", "closed", "corrected", "closed", "held", "closed", "cancelled", "approved")

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One command on an activity, and the account that gives it."""

    request: type[Request]
    account: Role
    fields: Fields


@dataclass(frozen=True, slots=True)
class Course:
    """The draft of an activity and the steps after it. Titles differ within a plan."""

    draft: Fields
    steps: Sequence[Step]


def plan(seed: int) -> list[Course]:
    """The courses of a seed, the same at each call."""
    chance = random.Random(seed)
    endings = islice(cycle(_ENDINGS), ACTIVITIES)
    return [_course(chance, f"Reading evening {number}", ending) for number, ending in enumerate(endings, 1)]


def _course(chance: random.Random, title: str, ending: str) -> Course:
    held_on = date(YEAR, 1, 2) + timedelta(days=chance.randrange(330))
    draft = {
        "kind": activities.ActivityKind.STUDY.value,
        "title": title,
        "starts_at": f"{held_on}T19:00:00+08:00",
        "ends_at": f"{held_on}T21:00:00+08:00",
    }
    return Course(draft, list(_steps(chance, held_on, ending)))


def _steps(chance: random.Random, held_on: date, ending: str) -> Iterator[Step]:
    sessions = chance.randint(1, 3)
    yield Step(activities.SubmitActivity, Role.OFFICER, {})
    yield Step(activities.ApproveActivity, Role.CHAIR, {})
    if ending == "approved":
        return
    yield Step(activities.PublishActivity, Role.OFFICER, {})
    if ending == "cancelled":
        yield Step(activities.CancelActivity, Role.OFFICER, {"reason": "weather"})
        return
    yield Step(activities.HoldActivity, Role.OFFICER, {"held_on": held_on.isoformat(), "sessions": sessions})
    for _ in range(chance.randint(1, _MOST_LISTS)):
        yield Step(activities.RecordAttendance, Role.OFFICER, {"attendances": _lines(chance, sessions)})
    if ending == "held":
        return
    yield Step(activities.CloseActivity, Role.OFFICER, {"evidence_ref": "list-1"})
    if ending == "voided":
        yield Step(activities.VoidActivity, Role.ZONE_OFFICER, {"reason_code": "recorded_twice"})
    if ending == "corrected":
        later = held_on + timedelta(days=1)
        fields = {"held_on": later.isoformat(), "sessions": sessions, "reason_code": "wrong_date"}
        yield Step(activities.CorrectActivity, Role.ZONE_OFFICER, fields)


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
