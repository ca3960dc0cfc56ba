"""Reading grants, and what an account holds itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.gateway import accounts as contract
from contracts.gateway.accounts import GrantState
from gateway.accounts.models import Account, RoleGrant
from gateway.accounts.rules import GRANT

_account, _grant = Account.__table__.c, RoleGrant.__table__.c
_ONE = select(_account.id, _account.username, _account.disabled, _account.version).where(_account.id == bindparam("id"))
_HELD = (
    select(*_grant)
    .where(_grant.account_id == bindparam("id"), _grant.state == GrantState.ACTIVE.value)
    .order_by(_grant.id)
)


@handles(contract.ListGrants)
def list_grants(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of grants, newest first."""
    statement = select(*_grant).order_by(_grant.id.desc()).limit(request["limit"] + 1)
    for name in ("account_id", "state"):
        if name in request:
            statement = statement.where(_grant[name] == request[name])
    if "cursor" in request:
        statement = statement.where(_grant.id < decode_id(request["cursor"]))
    rows = [_view(row) for row in reading.connection.execute(statement).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


@handles(contract.GetMyself)
def get_myself(reading: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's account and active grants."""
    account = reading.connection.execute(_ONE, {"id": reading.actor.id}).mappings().first()
    if account is None:
        raise Refused("not_found")
    held = reading.connection.execute(_HELD, {"id": reading.actor.id}).mappings()
    return {"account": account, "grants": [_view(row) for row in held]}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": GRANT.actions(row["state"])}
