"""Posts from paper: each union that has members has a chair, an officer, somebody for the money and an auditor."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.membership.posts import Body, Post
from demo.year.days import BEGINNING, FIRST_JOINS, LATER_JOINS
from demo.year.memberships import POST_HOLDERS
from demo.year.people import Person
from demo.year.unions import PlannedUnion

#: What the first members of a union are, in this order.
POSTS = (
    (Body.COMMITTEE, Post.CHAIR),
    (Body.COMMITTEE, Post.OFFICER),
    (Body.COMMITTEE, Post.FINANCE),
    (Body.AUDIT, Post.MEMBER),
)
#: The day of the first meeting of the first union of new employment.
FIRST_MEETING = date(2022, 6, 18)
#: An old union's posts were last filled so long after its approval, but before the story begins.
_FILLED_AFTER, _LAST_FILLED = timedelta(days=40), date(2022, 5, 27)


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post, union and holder by their numbers."""

    union: int
    person: int
    body: Body
    post: Post
    started_on: date
    recorded_on: date


def posts(unions: Sequence[PlannedUnion], people: Sequence[Person]) -> Iterator[PlannedPost]:
    """The posts of all unions that have members; who is in the money is no auditor."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    for person in people:
        if len(members[person.membership.union]) < POST_HOLDERS:
            members[person.membership.union].append(person.number)
    for union in unions:
        for holder, (body, post) in zip(members[union.number], POSTS, strict=False):
            yield PlannedPost(union.number, holder, body, post, *_days(union))


def _days(union: PlannedUnion) -> tuple[date, date]:
    """When the posts of a union began, and when that is recorded."""
    assert union.approved_on is not None
    if union.is_old:
        return min(union.approved_on + _FILLED_AFTER, _LAST_FILLED), BEGINNING
    if union.approved_on < FIRST_JOINS:
        return FIRST_MEETING, LATER_JOINS
    return union.approved_on, union.approved_on
