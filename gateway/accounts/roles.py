"""Every role that an account holds now: as an account, by hand, and by what its person does in unions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, exists, select

from chassis.tree import Bind, UnionTree
from contracts.gateway.accounts import GrantState, RoleOrigin
from contracts.roles import Role
from gateway.accounts.models import AccountLink, RoleGrant
from gateway.accounts.rules import excludes
from gateway.union_life.roles import HeldRole, roles_of

_grant, _link = RoleGrant.__table__.c, AccountLink.__table__.c
_GRANTED = (
    select(_grant.role, _grant.union_id, _grant.id)
    .where(_grant.account_id == bindparam("account_id"), _grant.state == GrantState.ACTIVE.value)
    .order_by(_grant.id)
)
_SUBJECT = select(_link.subject_key).where(
    _link.account_id == bindparam("account_id"), _link.state == GrantState.ACTIVE.value
)


@dataclass(frozen=True, slots=True)
class HeldRoles:
    """The roles of an account that take effect, and those that do not because of one that does."""

    effective: list[HeldRole]
    withheld: list[HeldRole]


def subject_of(bind: Bind, account_id: UUID) -> str | None:
    """The person whom an account is linked to, or None."""
    return bind.scalar(_SUBJECT, {"account_id": account_id})


def roles_held(bind: Bind, tree: UnionTree, account_id: UUID, subject_key: str | None, today: date) -> HeldRoles:
    """The roles of an account and of its person, if it has one, on the business day.

    What was granted by hand holds before what follows from posts: membership does not know of grants.
    """
    granted = bind.execute(_GRANTED, {"account_id": account_id})
    held = (
        HeldRole(Role.WORKER, None, RoleOrigin.ACCOUNT, account_id),
        *(HeldRole(Role(role), union_id, RoleOrigin.GRANT, grant_id) for role, union_id, grant_id in granted),
        *(() if subject_key is None else roles_of(bind, subject_key, today)),
    )
    return _sorted_out(bind, tree, held)


def is_excluded(bind: Bind, tree: UnionTree, wanted: HeldRole, effective: Iterable[HeldRole]) -> bool:
    """Whether a role in effect leaves no room for another one: in the same union, one above it or one below."""
    unions = {held.union_id for held in effective if held.union_id and excludes(held.role, wanted.role)}
    if wanted.union_id is None or not unions:
        return False
    # the same one counts also while the tree does not know it
    if wanted.union_id in unions or tree.reaches(bind, wanted.union_id, unions):
        return True
    below = tree.below([wanted.union_id]).subquery().c.union_id
    return bool(bind.scalar(select(exists().where(below.in_(unions)))))


def _sorted_out(bind: Bind, tree: UnionTree, held: Iterable[HeldRole]) -> HeldRoles:
    """Let the earlier of two roles that exclude each other take effect."""
    roles = HeldRoles([], [])
    for one in held:
        (roles.withheld if is_excluded(bind, tree, one, roles.effective) else roles.effective).append(one)
    return roles
