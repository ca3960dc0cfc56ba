"""Makes what a load needs on a platform without accounts: a federation, and one account for each role at it."""

from chassis.operator import Operator
from contracts.gateway.accounts import ApproveGrant, BootstrapAccounts, CreateAccount, ProposeGrant
from contracts.membership.organisation import RegisterFederation
from contracts.roles import Role
from tests.support.client import Client

#: Roles held at the federation, each by an account that is called like its role.
AT_FEDERATION = (Role.OFFICER, Role.CHAIR, Role.ZONE_OFFICER, Role.ANALYST)
_FIRST, _SECOND = "first.administrator", "second.administrator"


def open_office(client: Client, operator: Operator, password: str) -> str:
    """Make accounts, grants and a federation; gives the federation's id."""
    administrators = [{"username": name, "password": password} for name in (_FIRST, _SECOND)]
    operator.call(BootstrapAccounts.operation.wire_name, request={"administrators": administrators})
    ids = {role: _account(client, role, password) for role in (Role.SYSTEM_ADMIN, *AT_FEDERATION)}
    _grant(client, ids[Role.SYSTEM_ADMIN], Role.SYSTEM_ADMIN, None)
    federation = client.do(
        RegisterFederation,
        Role.SYSTEM_ADMIN,
        "federation",
        name="Riverside federation",
        short_name="Riverside",
        region_code="330110",
        founded_on="2020-01-06",
        approved_on="2020-02-03",
    )
    union_id: str = federation["id"]
    for role in AT_FEDERATION:
        _grant(client, ids[role], role, union_id)
    return union_id


def _account(client: Client, role: Role, password: str) -> str:
    made: str = client.do(CreateAccount, _FIRST, f"account-{role}", username=role.value, password=password)["id"]
    return made


def _grant(client: Client, account_id: str, role: Role, union_id: str | None) -> None:
    proposed = client.do(
        ProposeGrant, _FIRST, f"propose-{role}", account_id=account_id, role=role.value, union_id=union_id
    )
    client.do(ApproveGrant, _SECOND, f"approve-{role}", grant_id=proposed["id"])
