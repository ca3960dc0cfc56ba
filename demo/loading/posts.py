"""Records who holds which post in which union, from paper; and gives the federation's officials their accounts."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from contracts.membership.posts import Body, Post
from demo.loading.desk import Desk, Task
from demo.year.posts import PlannedPost


def tasks(desk: Desk, day: date) -> Iterator[Task]:
    """The posts that are recorded on a day."""
    return (partial(_start, desk, post) for post in desk.year.posts if post.recorded_on == day)


def holder(desk: Desk, body: Body, post: Post) -> str:
    """The subject key of who holds a post in the federation."""
    (person,) = (each.person for each in desk.year.posts if (each.union, each.body, each.post) == (0, body, post))
    return desk.members[person].subject_key


def _start(desk: Desk, planned: PlannedPost) -> None:
    details = {
        "union_id": desk.unions[planned.union],
        "subject_key": desk.members[planned.person].subject_key,
        "body": planned.body,
        "post": planned.post,
        "started_on": planned.started_on.isoformat(),
        "resolution_ref": f"选举结果报告 {planned.started_on:%Y}-{planned.union:03}",
    }
    desk.staff.officer.post("/v1/posts", details, desk.key("post", planned.person))
