"""Every role that an account holds now: as an account, by hand, and by what its person does in unions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from chassis.tree import Bind
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


def roles_held(bind: Bind, account_id: UUID, subject_key: str | None, today: date) -> HeldRoles:
    """The roles of an account and of its person, if it has one, on the business day.

    What was granted by hand holds before what follows from posts: membership does not know of grants.
    """
    granted = bind.execute(_GRANTED, {"account_id": account_id})
    held = (
        HeldRole(Role.WORKER, None, RoleOrigin.ACCOUNT, account_id),
        *(HeldRole(Role(role), union_id, RoleOrigin.GRANT, grant_id) for role, union_id, grant_id in granted),
        *(() if subject_key is None else roles_of(bind, subject_key, today)),
    )
    return _sorted_out(held)


def _sorted_out(held: Iterable[HeldRole]) -> HeldRoles:
    """Let the earlier of two roles that exclude each other take effect."""
    roles = HeldRoles([], [])
    for one in held:
        wanted = one.role, one.union_id
        is_excluded = any(excludes((other.role, other.union_id), wanted) for other in roles.effective)
        (roles.withheld if is_excluded else roles.effective).append(one)
    return roles
