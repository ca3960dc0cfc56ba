"""Makes the first two security administrators, once, so that four eyes can make everything after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select, text

from chassis.actor import SYSTEM
from chassis.commands import handles
from chassis.errors import Refused
from chassis.offload import place
from chassis.work import Work
from contracts.gateway import accounts as contract
from contracts.gateway.accounts import GrantState
from contracts.roles import Role
from gateway.accounts import passwords
from gateway.accounts.commands import new_account
from gateway.accounts.models import USERNAME, Account, RoleGrant
from gateway.accounts.rules import folded

_ANY = select(exists(select(Account.id)))
#: Those whom a bootstrap made.
_FIRST = select(Account).where(Account.id.in_(select(RoleGrant.account_id).where(RoleGrant.proposed_by == SYSTEM.id)))
#: Lets only one bootstrap look and write at a time, without stopping sign-ins.
_ALONE = text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE")


@handles(contract.BootstrapAccounts, conflicts={USERNAME: "username_taken"})
def bootstrap_accounts(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add the administrators; whoever had no answer and asks again is given those that were made.

    Raises Refused `accounts_exist` on a platform that has other accounts.
    """
    accounts = [new_account(each["username"], each["password"]) for each in request["administrators"]]
    return {"accounts": accounts if _are_first(work, accounts) else _made_before(work, request["administrators"])}


def _are_first(work: Work, accounts: Sequence[Account]) -> bool:
    """Add the accounts and their roles, unless there are others."""
    with work.session.begin_nested() as alone:
        work.session.execute(_ALONE)
        if work.session.scalar(_ANY):
            # gives up the lock: nobody waits for it while passwords are compared
            alone.rollback()
            return False
        work.session.add_all(accounts)
        work.session.flush()
        work.session.add_all(_administrator(account) for account in accounts)
    return True


def _made_before(work: Work, asked: Sequence[Mapping[str, str]]) -> list[Account]:
    """The accounts of a bootstrap with the same names and passwords. Raises Refused `accounts_exist`."""
    first = {account.username: account for account in work.session.scalars(_FIRST)}
    found = [first.get(folded(each["username"])) for each in asked]
    with place() as run:
        for account, each in zip(found, asked, strict=True):
            if account is None or not passwords.matches(account.password_hash, each["password"], run):
                raise Refused("accounts_exist")
    return [account for account in found if account is not None]


def _administrator(account: Account) -> RoleGrant:
    role, state = Role.SECURITY_ADMIN.value, GrantState.ACTIVE.value
    return RoleGrant(account_id=account.id, role=role, state=state, proposed_by=SYSTEM.id, decided_by=SYSTEM.id)
