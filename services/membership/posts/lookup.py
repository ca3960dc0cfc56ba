"""Answers other capabilities' questions about who holds which post, so that they need not know the table."""

from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from contracts.membership.organisation import OrgKind
from contracts.membership.posts import Body, Post, PostState
from services.membership.organisation.models import UnionOrganization
from services.membership.posts.models import OfficePost

_CHAIRED = select(
    exists()
    .where(OfficePost.union_id == bindparam("union_id"), OfficePost.state == PostState.HELD)
    .where(OfficePost.body == Body.COMMITTEE, OfficePost.post == Post.CHAIR)
    .where(UnionOrganization.id == OfficePost.union_id, UnionOrganization.org_kind != OrgKind.FEDERATION)
)


def is_chaired(session: Session, union_id: UUID) -> bool:
    """Whether somebody holds the post of chair in the committee of a union; a vice-chair alone does not count.

    Never so of a federation, for which the zone's officers act.
    """
    return bool(session.scalar(_CHAIRED, {"union_id": union_id}))
