"""Reading the posts of one's own unions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.membership import posts as contract
from services.membership.posts.models import OfficePost
from services.membership.posts.rules import POST

_post = OfficePost.__table__.c
_POSTS = select(*_post)
_ONE = _POSTS.where(_post.id == bindparam("post_id"))


@handles(contract.GetPost)
def get_post(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One post by its id; of another's union none is found."""
    return _view(reading.one(_ONE.where(_own(reading)), request))


@handles(contract.ListPosts)
def list_posts(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of posts, newest first."""
    return newest_first(reading, _POSTS.where(_own(reading)), request, _post.id, _FILTERS, _view)


def _own(reading: Reading) -> ColumnElement[bool]:
    """Of a union at which the actor reads posts, or of one below it."""
    return _post.union_id.in_(reading.reach(contract.READERS))


_FILTERS: Filters = {
    "union": lambda reading, union: _post.union_id.in_(reading.tree.below([union])),
    "subject_key": lambda _, subject_key: _post.subject_key == subject_key,
    "state": lambda _, state: _post.state == state,
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": POST.actions(row["state"])}
