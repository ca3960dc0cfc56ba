"""Creating accounts, shutting them out, and granting roles with four eyes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, distinct, func, select, text

from chassis.commands import handles
from chassis.errors import Refused
from chassis.offload import place
from chassis.states import step
from chassis.work import Work
from contracts.gateway import accounts as contract
from contracts.gateway.accounts import GrantState, RoleOrigin
from contracts.roles import Role
from gateway.accounts import passwords
from gateway.accounts.four_eyes import decide, end
from gateway.accounts.models import IS_OPEN, OPEN_GRANT, USERNAME, Account, RoleGrant
from gateway.accounts.roles import is_excluded, roles_held
from gateway.accounts.rules import (
    FEWEST_ADMINISTRATORS,
    GRANT,
    MOST_GRANTS,
    Facts,
    folded,
    password_problem,
    username_problem,
)
from gateway.sessions.ending import end_all
from gateway.union_life.roles import HeldRole
from kernel.states import NEW

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtext('administrators'))")
_ADMINISTRATORS = (
    select(func.count(distinct(RoleGrant.account_id)))
    .join(Account, Account.id == RoleGrant.account_id)
    .where(RoleGrant.role == Role.SECURITY_ADMIN, RoleGrant.state == GrantState.ACTIVE, ~Account.disabled)
)
_OPEN_GRANTS = select(func.count()).where(RoleGrant.account_id == bindparam("account_id"), IS_OPEN)


@handles(contract.CreateAccount, conflicts={USERNAME: "username_taken"})
def create_account(work: Work, request: Mapping[str, Any]) -> Account:
    """Create an account that holds no role yet."""
    account = new_account(request["username"], request["password"])
    work.session.add(account)
    return account


@handles(contract.DisableAccount, on=Account)
def disable_account(work: Work, account: Account, _: Mapping[str, Any]) -> Account:
    """Shut an account out, tokens and all; harmless if it is out already."""
    if not account.disabled:
        account.disabled = True
        account.begin_epoch()
        # whoever held its refresh tokens must not be in again the moment it is enabled
        end_all(work.session, account.id)
        _keep_administrators(work)
    return account


@handles(contract.EnableAccount, on=Account)
def enable_account(_: Work, account: Account, __: Mapping[str, Any]) -> Account:
    """Let an account sign in again."""
    account.disabled = False
    return account


@handles(contract.ProposeGrant, conflicts={str(OPEN_GRANT.name): "grant_exists"})
def propose_grant(work: Work, request: Mapping[str, Any]) -> RoleGrant:
    """Propose a role at a union that this gateway knows."""
    taken = step(GRANT, NEW, "propose", Facts(work.actor.id, request["role"], request["union_id"]))
    # locked, so that the grants that are proposed at the same moment are counted too
    account = work.session.get(Account, request["account_id"], with_for_update=True)
    if account is None:
        raise Refused("not_found", field="account_id")
    if (work.session.scalar(_OPEN_GRANTS, {"account_id": account.id}) or 0) >= MOST_GRANTS:
        raise Refused("too_many_grants", params={"most": str(MOST_GRANTS)})
    union_id = request["union_id"]
    if union_id is not None and work.tree.standing(work.session, union_id, ()) is None:
        raise Refused("not_yet_known", field="union_id")
    grant = RoleGrant(**request, state=taken.target, proposed_by=work.actor.id)
    work.session.add(grant)
    return grant


@handles(contract.ApproveGrant, on=RoleGrant)
def approve_grant(work: Work, grant: RoleGrant, _: Mapping[str, Any]) -> RoleGrant:
    """Approve a grant; the account's next access token carries it. Raises Refused `money_and_audit`."""
    # locked, so that of two roles that exclude each other one finds the other
    account = work.session.get_one(Account, grant.account_id, with_for_update=True)
    held = roles_held(work.session, work.tree, account.id, account.subject_key, work.today)
    wanted = HeldRole(Role(grant.role), grant.union_id, RoleOrigin.GRANT, grant.id)
    excluded = is_excluded(work.session, work.tree, wanted, held.effective)
    return decide(work, grant, GRANT, "approve", is_excluded=excluded)


@handles(contract.RefuseGrant, on=RoleGrant)
def refuse_grant(work: Work, grant: RoleGrant, _: Mapping[str, Any]) -> RoleGrant:
    """Refuse a grant that was only proposed."""
    return decide(work, grant, GRANT, "refuse")


@handles(contract.EndGrant, on=RoleGrant)
def end_grant(work: Work, grant: RoleGrant, _: Mapping[str, Any]) -> RoleGrant:
    """End a role; access tokens that carry it are refused, and the next ones lack it."""
    end(work, grant, GRANT)
    if grant.role == Role.SECURITY_ADMIN:
        _keep_administrators(work)
    return grant


def _keep_administrators(work: Work) -> None:
    """Refuse what would leave too few who can grant. Raises Refused `last_administrators`."""
    # one such command at a time: two that each leave enough could leave too few together
    work.session.execute(_ONE_BY_ONE)
    if (work.session.scalar(_ADMINISTRATORS) or 0) < FEWEST_ADMINISTRATORS:
        raise Refused("last_administrators")


def new_account(username: str, password: str) -> Account:
    """An account to add to the unit of work, under the folded name. Raises `chassis.offload.Overloaded`."""
    name = folded(username)
    if problem := username_problem(name):
        raise Refused("invalid_request", errors=[{"field": "username", "code": problem, "params": problem.params}])
    check_password(name, password, "password")
    with place() as run:
        return Account(username=name, password_hash=passwords.hashed(password, run))


def check_password(username: str, password: str, field: str) -> None:
    """Refuse a new password that is easily guessed. Raises Refused `invalid_request` about the field."""
    if problem := password_problem(username, password):
        raise Refused("invalid_request", errors=[{"field": field, "code": problem}])
