"""Reading accounts, grants, links, and what an account holds itself."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.gateway import accounts as contract
from contracts.gateway.accounts import GrantState
from gateway.accounts.models import Account, AccountLink, RoleGrant
from gateway.accounts.roles import roles_held
from gateway.accounts.rules import GRANT, LINK, Facts, folded
from kernel.states import Machine

_account, _grant, _link = Account.__table__.c, RoleGrant.__table__.c, AccountLink.__table__.c
_ACCOUNTS = select(
    Account.id,
    Account.username,
    Account.disabled,
    Account.second_factor.label("second_factor"),
    Account.subject_key.label("subject_key"),
    Account.version,
)
_ONE = _ACCOUNTS.where(_account.id == bindparam("id"))
_HELD = (
    select(*_grant)
    .where(_grant.account_id == bindparam("id"), _grant.state == GrantState.ACTIVE.value)
    .order_by(_grant.id)
)
_OF_ACCOUNTS: Filters = {
    "username": lambda _, username: _account.username == folded(username),
    "disabled": lambda _, disabled: _account.disabled == disabled,
}
_OF_GRANTS: Filters = {
    "account_id": lambda _, account_id: _grant.account_id == account_id,
    "state": lambda _, state: _grant.state == state,
}
_OF_LINKS: Filters = {
    "account_id": lambda _, account_id: _link.account_id == account_id,
    "subject_key": lambda _, subject_key: _link.subject_key == subject_key,
    "state": lambda _, state: _link.state == state,
}


@handles(contract.ListAccounts)
def list_accounts(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of accounts, newest first."""
    return newest_first(reading, _ACCOUNTS, request, _account.id, _OF_ACCOUNTS)


@handles(contract.GetAccount)
def get_account(reading: Reading, request: Mapping[str, Any]) -> RowMapping:
    """One account."""
    return _one(reading, request["account_id"])


@handles(contract.ListGrants)
def list_grants(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of grants, newest first."""
    return newest_first(reading, select(*_grant), request, _grant.id, _OF_GRANTS, partial(_view, GRANT))


@handles(contract.ListAccountLinks)
def list_account_links(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of links, newest first."""
    return newest_first(reading, select(*_link), request, _link.id, _OF_LINKS, partial(_view, LINK))


@handles(contract.GetMyself)
def get_myself(reading: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's account, active grants, and every role with what it follows from, also one that others exclude."""
    account = _one(reading, reading.actor.id)
    granted = reading.connection.execute(_HELD, {"id": reading.actor.id}).mappings()
    held = roles_held(reading.connection, reading.tree, account["id"], account["subject_key"], reading.today)
    return {
        "account": account,
        "grants": [_view(GRANT, row) for row in granted],
        "roles": held.effective,
        "withheld": held.withheld,
    }


def _one(reading: Reading, account_id: UUID) -> RowMapping:
    return reading.one(_ONE, {"id": account_id})


def _view(life: Machine[Facts], row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": life.actions(row["state"])}
