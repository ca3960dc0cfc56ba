"""The roles that a person's posts and membership give, from this database's own copy of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select

from chassis.generations import current
from chassis.member_register import members_on
from chassis.tables import union_tree
from chassis.tree import Bind
from contracts.gateway.accounts import RoleOrigin
from contracts.membership.organisation import OrgKind
from contracts.membership.posts import PostState
from contracts.roles import Role
from gateway.union_life.models import HeldPost
from gateway.union_life.rules import MEMBER_STATES, role_of

#: Posts of one person that give roles, the newest first: an access token names all and must fit the header it is in.
MOST_POSTS = 10


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role at a union and all below it, or without one, and what it follows from."""

    role: Role
    union_id: UUID | None
    origin: RoleOrigin
    origin_id: UUID


_post, _union = HeldPost.__table__.c, union_tree.c
_OF_SUBJECT = (
    _post.generation == current().scalar_subquery(),
    _post.subject_key == bindparam("subject_key"),
    _post.state == PostState.HELD.value,
)
#: Posts in unions that are known here. One whose kind is not told yet may be a federation, and is taken for one.
_HELD = (
    select(
        *(_post.body, _post.post, func.coalesce(_union.org_kind, OrgKind.FEDERATION) == OrgKind.FEDERATION),
        *(_post.union_id, _post.post_id),
    )
    .join(union_tree, (_union.generation == _post.generation) & (_union.union_id == _post.union_id))
    .where(*_OF_SUBJECT, _post.started_on <= bindparam("today"))
    .order_by(_post.started_on.desc(), _post.post_id.desc())
)
_HOLDS_ANY = select(exists().where(*_OF_SUBJECT))


def roles_of(bind: Bind, subject_key: str, today: date) -> list[HeldRole]:
    """What the person's posts and membership give on the business day."""
    return [*islice(_of_posts(bind, subject_key, today), MOST_POSTS), *_of_membership(bind, subject_key, today)]


def is_known(bind: Bind, subject_key: str) -> bool:
    """Whether membership has told of the person, as a member or as the holder of a post."""
    return bool(members_on(bind, [subject_key], date.max)) or bool(
        bind.scalar(_HOLDS_ANY, {"subject_key": subject_key})
    )


def _of_posts(bind: Bind, subject_key: str, today: date) -> Iterator[HeldRole]:
    held = bind.execute(_HELD, {"subject_key": subject_key, "today": today})
    for body, post, in_federation, union_id, post_id in held:
        if role := role_of(body, post, in_federation=in_federation):
            yield HeldRole(role, union_id, RoleOrigin.POST, post_id)


def _of_membership(bind: Bind, subject_key: str, today: date) -> Iterator[HeldRole]:
    member = members_on(bind, [subject_key], today).get(subject_key)
    if member is not None and member.state in MEMBER_STATES:
        yield HeldRole(Role.MEMBER, member.union_id, RoleOrigin.MEMBERSHIP, member.membership_id)
