"""The posts of a round's union: a chair who resigns and is followed by another, and those for money and audit."""

from collections.abc import Iterator

from contracts.membership.posts import EndPost, StartPost
from contracts.roles import Role
from tests.support.plans.members import active
from tests.support.plans.people import Person
from tests.support.plans.steps import Course, Of, Step, day
from tests.support.plans.unions import UNION


def courses() -> Iterator[Course]:
    """One course for the chair, one for the others."""
    first, second, treasurer, auditor = active()[:4]
    ended = {"post_id": Of("first chair"), "ended_on": day(9, 30), "reason": "resigned"}
    yield Course(
        "chair",
        [
            _start(first, "committee", "chair", day(4, 3), "first chair"),
            Step(EndPost, Role.ZONE_OFFICER, ended, expects={"state": "ended"}),
            _start(second, "committee", "chair", day(10, 9), "second chair"),
        ],
    )
    yield Course(
        "posts",
        [
            _start(treasurer, "committee", "finance", day(4, 3), "treasurer"),
            _start(auditor, "audit", "chair", day(4, 3), "auditor"),
        ],
    )


def _start(person: Person, body: str, post: str, started_on: str, name: str) -> Step:
    fields = {
        "union_id": Of(UNION),
        "subject_key": person.subject_key,
        "body": body,
        "post": post,
        "started_on": started_on,
        "resolution_ref": "minutes of the assembly",
    }
    return Step(StartPost, Role.ZONE_OFFICER, fields, name)
