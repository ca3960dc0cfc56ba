"""The union tree as membership knows it: its own table, never a copy."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import Session

from chassis.errors import Refused
from chassis.tree import DEEPEST, UnionTree
from contracts.membership.organisation import ACTING, OrgKind, UnionState
from services.membership.organisation.models import UnionOrganization

_union = UnionOrganization.__table__.c

tree = UnionTree(
    select(_union.id.label("union_id"), _union.superior_id, _union.state, _union.region_code), unknown="not_found"
)

_chain = (
    select(_union.superior_id, literal(0).label("depth"))
    .where(_union.id == bindparam("union_id"))
    .cte("chain", recursive=True)
)
_chain = _chain.union_all(
    select(_union.superior_id, _chain.c.depth + 1).where(_union.id == _chain.c.superior_id, _chain.c.depth < DEEPEST)
)
_DEPTH = select(func.max(_chain.c.depth))


def depth(session: Session, union_id: UUID) -> int:
    """How many unions lie above one; DEEPEST at most."""
    return session.scalar(_DEPTH, {"union_id": union_id}) or 0


def require_federation(session: Session, union_id: UUID, field: str) -> None:
    """Raise Refused `not_found` at a request's field unless it names a federation: nothing else has an area."""
    if session.scalar(select(_union.org_kind).where(_union.id == union_id)) != OrgKind.FEDERATION:
        raise Refused("not_found", field=field)


_LOCK = select(_union.id).where(_union.id == bindparam("union_id")).with_for_update(key_share=True)


def lock(session: Session, union_id: UUID) -> None:
    """Make others who lock the union wait for the end of this unit of work; who only refers to it goes on."""
    session.execute(_LOCK, {"union_id": union_id})


#: Number of the lock that moves of unions take turns under: two at once could put each union below the other.
_MOVES = 0x6D6F7665
_TURN = select(func.pg_advisory_xact_lock(_MOVES))


def in_turn(session: Session, _union_id: UUID) -> None:
    """Make whoever else moves a union wait for the end of this unit of work; before any union is locked."""
    session.execute(_TURN)


_below = (
    select(_union.id, literal(0).label("depth")).where(_union.id == bindparam("union_id")).cte("below", recursive=True)
)
_below = _below.union_all(
    select(_union.id, _below.c.depth + 1).where(_union.superior_id == _below.c.id, _below.c.depth < DEEPEST)
)
_HEIGHT = select(func.max(_below.c.depth))


def height(session: Session, union_id: UUID) -> int:
    """How many unions lie below one, the longest way down."""
    return session.scalar(_HEIGHT, {"union_id": union_id}) or 0


_BELOW = select(func.count()).where(_union.superior_id == bindparam("union_id"), _union.state != UnionState.DISSOLVED)


def unions_below(session: Session, union_id: UUID) -> int:
    """How many unions have this one as their superior, and have not ended."""
    return session.scalar(_BELOW, {"union_id": union_id}) or 0


_KEEP = select(_union.state).where(_union.id.in_(bindparam("union_ids", expanding=True))).order_by(_union.id)
_KEEP = _KEEP.with_for_update(read=True, key_share=True)


def keep_acting(session: Session, union_ids: Collection[UUID], *, field: str = "union_id") -> None:
    """Let nobody dissolve these unions until the end of this unit of work.

    Raises Refused `union_not_approved` where somebody has, or where one never acted.
    """
    if any(state not in ACTING for state in session.scalars(_KEEP, {"union_ids": list(union_ids)})):
        raise Refused("union_not_approved", field=field)
