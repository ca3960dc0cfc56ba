"""The union tree as membership knows it: its own table, never a copy."""

from uuid import UUID

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import Session

from chassis.errors import Refused
from chassis.tree import DEEPEST, UnionTree
from contracts.membership.organisation import OrgKind
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
