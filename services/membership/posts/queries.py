"""Reading the posts of one's own unions."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.membership import posts as contract
from services.membership.posts.models import OfficePost
from services.membership.posts.rules import POST

_post = OfficePost.__table__.c
_ONE = select(*_post).where(_post.id == bindparam("post_id"))


@handles(contract.GetPost)
def get_post(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One post by its id; of another's union none is found."""
    row = reading.connection.execute(_ONE.where(_own(reading)), request).mappings().first()
    if row is None:
        raise Refused("not_found")
    return _view(row)


@handles(contract.ListPosts)
def list_posts(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of posts, newest first."""
    statement = select(*_post).where(_own(reading)).order_by(_post.id.desc()).limit(request["limit"] + 1)
    asked = [_FILTERS[name](reading, value) for name, value in request.items() if name in _FILTERS]
    rows = [_view(row) for row in reading.connection.execute(statement.where(*asked)).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


def _own(reading: Reading) -> ColumnElement[bool]:
    """Of a union at which the actor reads posts, or of one below it."""
    return _post.union_id.in_(reading.tree.below(reading.actor.roots(contract.READERS)))


_FILTERS: Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]] = {
    "union": lambda reading, union: _post.union_id.in_(reading.tree.below([union])),
    "subject_key": lambda _, subject_key: _post.subject_key == subject_key,
    "state": lambda _, state: _post.state == state,
    "cursor": lambda _, cursor: _post.id < decode_id(cursor),
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": POST.actions(row["state"])}
