"""Answers other capabilities' questions about who holds which post, so that they need not know the table."""

from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from chassis.work import Work
from contracts.membership.organisation import OrgKind
from contracts.membership.posts import Body, Post, PostState
from contracts.roles import Role
from services.membership.organisation.models import UnionOrganization
from services.membership.posts.models import OfficePost

_CHAIRED = select(
    exists()
    .where(OfficePost.union_id == bindparam("union_id"), OfficePost.state == PostState.HELD)
    .where(OfficePost.body == Body.COMMITTEE, OfficePost.post == Post.CHAIR)
    .where(UnionOrganization.id == OfficePost.union_id, UnionOrganization.org_kind != OrgKind.FEDERATION)
)


def is_responsible(work: Work, union_id: UUID) -> bool:
    """Whether the account acts as a union's chair, or nobody chairs it: then the zone's officers act for it.

    The role of chair is that of vice-chairs too, and reaches all unions below the one where it is held; only who holds
    the post of chair bars the zone's officers.
    """
    acts_as_chair = work.tree.reaches(work.session, union_id, work.actor.roots((Role.CHAIR,)))
    return acts_as_chair or not is_chaired(work.session, union_id)


def is_chaired(session: Session, union_id: UUID) -> bool:
    """Whether somebody holds the post of chair in the committee of a union; a vice-chair alone does not count.

    Never so of a federation, for which the zone's officers act.
    """
    return bool(session.scalar(_CHAIRED, {"union_id": union_id}))
