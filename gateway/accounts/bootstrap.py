"""Makes the first two security administrators, once, so that four eyes can make everything after them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select, text

from chassis.actor import SYSTEM
from chassis.commands import handles
from chassis.errors import Refused
from chassis.work import Work
from contracts.gateway import accounts as contract
from contracts.gateway.accounts import GrantState
from contracts.roles import Role
from gateway.accounts.commands import new_account
from gateway.accounts.models import USERNAME, Account, RoleGrant

#: Lets only one bootstrap look and write at a time, without stopping sign-ins.
_ALONE = text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE")


@handles(contract.BootstrapAccounts, conflicts={USERNAME: "username_taken"})
def bootstrap_accounts(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add the administrators. Raises Refused `accounts_exist` on a platform that has any account."""
    accounts = [new_account(each["username"], each["password"]) for each in request["administrators"]]
    work.session.execute(_ALONE)
    if work.session.scalar(select(exists(select(Account.id)))):
        raise Refused("accounts_exist")
    work.session.add_all(accounts)
    work.session.flush()
    work.session.add_all(_administrator(account) for account in accounts)
    return {"accounts": accounts}


def _administrator(account: Account) -> RoleGrant:
    role, state = Role.SECURITY_ADMIN.value, GrantState.ACTIVE.value
    return RoleGrant(account_id=account.id, role=role, state=state, proposed_by=SYSTEM.id, decided_by=SYSTEM.id)
