"""Makes what a load needs on a platform without accounts: the day, a federation, and an account for each role at it."""

from typing import Any

from chassis.operator import Operator
from contracts.gateway.accounts import ApproveGrant, BootstrapAccounts, CreateAccount, ProposeGrant
from contracts.gateway.clock import GetClockMove, MoveClock
from contracts.membership.organisation import RegisterFederation
from contracts.roles import Role
from tests.support.client import Client
from tests.support.plans.numbers import COUNTY
from tests.support.plans.steps import LAST_DAY

#: Roles held at the federation, each by an account that is called like its role.
AT_FEDERATION = (
    Role.OFFICER,
    Role.CHAIR,
    Role.FINANCE,
    Role.AUDIT,
    Role.ZONE_OFFICER,
    Role.ZONE_LEADER,
    Role.PARTY_ORG,
    Role.IMPORTER,
    Role.ANALYST,
)
_FIRST, _SECOND = "first.administrator", "second.administrator"


def open_office(client: Client, operator: Operator, password: str) -> dict[str, Any]:
    """Make accounts, grants and a federation, and stop business time on the last day; gives the federation."""
    administrators = [{"username": name, "password": password} for name in (_FIRST, _SECOND)]
    operator.call(BootstrapAccounts.operation.wire_name, request={"administrators": administrators})
    ids = {role: _account(client, role, password) for role in (Role.SYSTEM_ADMIN, *AT_FEDERATION)}
    _grant(client, ids[Role.SYSTEM_ADMIN], Role.SYSTEM_ADMIN, None)
    moved = client.do(MoveClock, Role.SYSTEM_ADMIN, "clock", day=LAST_DAY.isoformat())
    assert client.await_end(GetClockMove, Role.SYSTEM_ADMIN, move_id=moved["id"])["state"] == "done"
    federation = client.do(
        RegisterFederation,
        Role.SYSTEM_ADMIN,
        "federation",
        name="Riverside federation",
        short_name="Riverside",
        region_code=COUNTY,
        founded_on="2020-01-06",
        approved_on="2020-02-03",
    )
    for role in AT_FEDERATION:
        _grant(client, ids[role], role, federation["id"])
    return federation


def _account(client: Client, role: Role, password: str) -> str:
    made: str = client.do(CreateAccount, _FIRST, f"account-{role}", username=role.value, password=password)["id"]
    return made


def _grant(client: Client, account_id: str, role: Role, union_id: str | None) -> None:
    proposed = client.do(
        ProposeGrant, _FIRST, f"propose-{role}", account_id=account_id, role=role.value, union_id=union_id
    )
    client.do(ApproveGrant, _SECOND, f"approve-{role}", grant_id=proposed["id"])
