"""Reading accounts, grants, links, and what an account holds itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.gateway import accounts as contract
from contracts.gateway.accounts import GrantState
from gateway.accounts.models import Account, AccountLink, RoleGrant
from gateway.accounts.roles import roles_held
from gateway.accounts.rules import GRANT, LINK, Facts, folded
from kernel.states import Machine

_account, _grant, _link = Account.__table__.c, RoleGrant.__table__.c, AccountLink.__table__.c
_ACCOUNTS = select(
    Account.id, Account.username, Account.disabled, Account.subject_key.label("subject_key"), Account.version
)
_ONE = _ACCOUNTS.where(_account.id == bindparam("id"))
_HELD = (
    select(*_grant)
    .where(_grant.account_id == bindparam("id"), _grant.state == GrantState.ACTIVE.value)
    .order_by(_grant.id)
)


@handles(contract.ListAccounts)
def list_accounts(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of accounts, newest first."""
    statement = _ACCOUNTS.order_by(_account.id.desc()).limit(request["limit"] + 1)
    if "username" in request:
        statement = statement.where(_account.username == folded(request["username"]))
    if "disabled" in request:
        statement = statement.where(_account.disabled == request["disabled"])
    if "cursor" in request:
        statement = statement.where(_account.id < decode_id(request["cursor"]))
    rows = reading.connection.execute(statement).mappings().all()
    return page(rows, request["limit"], lambda row: row["id"])


@handles(contract.GetAccount)
def get_account(reading: Reading, request: Mapping[str, Any]) -> RowMapping:
    """One account."""
    return _one(reading, request["account_id"])


@handles(contract.ListGrants)
def list_grants(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of grants, newest first."""
    statement = select(*_grant).order_by(_grant.id.desc()).limit(request["limit"] + 1)
    for name in ("account_id", "state"):
        if name in request:
            statement = statement.where(_grant[name] == request[name])
    if "cursor" in request:
        statement = statement.where(_grant.id < decode_id(request["cursor"]))
    rows = [_view(row, GRANT) for row in reading.connection.execute(statement).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


@handles(contract.ListAccountLinks)
def list_account_links(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of links, newest first."""
    statement = select(*_link).order_by(_link.id.desc()).limit(request["limit"] + 1)
    for name in ("account_id", "subject_key", "state"):
        if name in request:
            statement = statement.where(_link[name] == request[name])
    if "cursor" in request:
        statement = statement.where(_link.id < decode_id(request["cursor"]))
    rows = [_view(row, LINK) for row in reading.connection.execute(statement).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


@handles(contract.GetMyself)
def get_myself(reading: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's account, active grants, and every role with what it follows from."""
    account = _one(reading, reading.actor.id)
    granted = reading.connection.execute(_HELD, {"id": reading.actor.id}).mappings()
    roles = roles_held(reading.connection, account["id"], account["subject_key"], reading.today)
    return {"account": account, "grants": [_view(row, GRANT) for row in granted], "roles": roles}


def _one(reading: Reading, account_id: UUID) -> RowMapping:
    account = reading.connection.execute(_ONE, {"id": account_id}).mappings().first()
    if account is None:
        raise Refused("not_found")
    return account


def _view(row: RowMapping, life: Machine[Facts]) -> dict[str, Any]:
    return {**row, "actions": life.actions(row["state"])}
