"""Who may do what with accounts, as people wrote it down in `tests/roles/gateway.csv`; unions play no part in it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from contracts import registry
from contracts.declare import Operation
from contracts.roles import Role
from gateway.second_factor.models import SecondFactor
from tests.gateway.apps import Clock, begin, enrol
from tests.gateway.harness import ADMINISTRATORS, PASSWORD, World, bearer
from tests.gateway.life import Life, somebody
from tests.support.authenticator import App

FIRST, SECOND = ADMINISTRATORS
#: Stands for every role that the command's other rows do not name.
OTHERS = "others"
#: Capabilities that the table is about; the clock's roles are in its own tests.
CAPABILITIES = {"accounts", "sessions", "second_factor"}
ROWS = list(csv.DictReader((Path(__file__).parents[1] / "roles" / "gateway.csv").read_text("utf-8").splitlines()))
DECLARED = {
    one.name: one
    for one in registry.operations().values()
    if one.service == "gateway" and one.capability in CAPABILITIES and one.route and not one.public
}


class Desk:
    """Makes what requests are about; the second administrator proposes what the first may decide on."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world, self._clock = world, clock

    def account(self) -> dict[str, Any]:
        made = self._world.account(f"clerk.{uuid4()}", self._token(SECOND))
        return {"account_id": made["id"], "username": made["username"]}

    def enrolled(self) -> dict[str, Any]:
        account = self.account()
        enrol(self._world, self._world.token(account["username"]), self._clock)
        return {"account_id": account["account_id"]}

    def removal(self) -> dict[str, Any]:
        return {"removal_id": self._proposed("/v1/second-factor-removals", self.enrolled())}

    def wanted(self) -> dict[str, Any]:
        return {"account_id": self.account()["account_id"], "role": "auditor", "union_id": None}

    def grant(self) -> dict[str, Any]:
        return {"grant_id": self._proposed("/v1/grants", self.wanted())}

    def active_grant(self) -> dict[str, Any]:
        grant = self.grant()
        self._post(f"/v1/grants/{grant['grant_id']}/approve", None, FIRST)
        return grant

    def person(self) -> dict[str, Any]:
        life, subject_key = Life(self._world), somebody()
        life.member(life.basic_union(), subject_key)
        return {"account_id": self.account()["account_id"], "subject_key": subject_key}

    def link(self) -> dict[str, Any]:
        return {"link_id": self._proposed("/v1/account-links", self.person())}

    def active_link(self) -> dict[str, Any]:
        link = self.link()
        self._post(f"/v1/account-links/{link['link_id']}/approve", None, FIRST)
        return link

    def owner(self) -> dict[str, Any]:
        """For the first administrator, without an app."""
        with self._world.database.writer.begin() as connection:
            connection.execute(delete(SecondFactor))
        return {"current_password": PASSWORD}

    def first_code(self) -> dict[str, Any]:
        self.owner()
        return {"code": App(begin(self._world, self._token(FIRST)).json["secret"]).code()}

    def _proposed(self, path: str, body: dict[str, Any]) -> str:
        proposed: str = self._post(path, body, SECOND)["id"]
        return proposed

    def _post(self, path: str, body: dict[str, Any] | None, name: str) -> Any:
        answer = self._world.post(path, body, self._token(name))
        assert answer.status_code in (200, 201), answer.text
        return answer.json

    def _token(self, name: str) -> str:
        return self._world.token_of(Role.SECURITY_ADMIN, account_id=UUID(self._world.account_ids[name]))


def nothing(_: Desk) -> dict[str, Any]:
    return {}


#: Makes the fields of each request.
REQUESTS: dict[str, Callable[[Desk], dict[str, Any]]] = {
    "sign_out": nothing,
    "get_myself": nothing,
    "change_password": lambda desk: {**desk.owner(), "new_password": PASSWORD},
    "begin_second_factor": Desk.owner,
    "confirm_second_factor": Desk.first_code,
    "propose_second_factor_removal": Desk.enrolled,
    "approve_second_factor_removal": Desk.removal,
    "refuse_second_factor_removal": Desk.removal,
    "list_second_factor_removals": nothing,
    "create_account": lambda _: {"username": f"clerk.{uuid4()}", "password": PASSWORD},
    "list_accounts": nothing,
    "get_account": Desk.account,
    "disable_account": Desk.account,
    "enable_account": Desk.account,
    "propose_grant": Desk.wanted,
    "approve_grant": Desk.grant,
    "refuse_grant": Desk.grant,
    "end_grant": Desk.active_grant,
    "list_grants": nothing,
    "propose_account_link": Desk.person,
    "approve_account_link": Desk.link,
    "refuse_account_link": Desk.link,
    "end_account_link": Desk.active_link,
    "list_account_links": nothing,
}


def roles_of(row: dict[str, str]) -> list[Role]:
    if row["role"] != OTHERS:
        return [Role(row["role"])]
    named = {one["role"] for one in ROWS if one["command"] == row["command"]}
    return [role for role in Role if role not in named]


def status(world: World, operation: Operation, role: Role, fields: dict[str, Any]) -> int:
    """How the request of the first administrator ends, who has this role alone."""
    assert operation.route is not None
    named = operation.route.parameters
    body = {name: value for name, value in fields.items() if name not in named and name in operation.request().fields}
    path = operation.route.path.format_map(fields)
    token = world.token_of(role, account_id=UUID(world.account_ids[FIRST]))
    sent = {} if operation.route.method == "GET" else {"json": body}
    headers = {**bearer(token), "Idempotency-Key": str(uuid4())}
    return world.client.open(path, method=operation.route.method, headers=headers, **sent).status_code


def test_every_operation_on_accounts_has_its_rows_and_a_request() -> None:
    named = [(row["command"], row["role"]) for row in ROWS]

    assert len(named) == len(set(named))
    assert {command for command, _ in named} == set(REQUESTS) == set(DECLARED)
    assert {command for command, role in named if role == OTHERS} == set(DECLARED)
    assert {role for _, role in named} <= {*Role, OTHERS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['command']}-{row['role']}")
def test_a_role_may_do_what_the_table_says(world: World, monkeypatch: pytest.MonkeyPatch, row: dict[str, str]) -> None:
    desk, operation = Desk(world, Clock(monkeypatch)), DECLARED[row["command"]]
    expected, prepare = int(row["status"]), REQUESTS[row["command"]]
    fields = prepare(desk)
    for role in roles_of(row):
        found = status(world, operation, role, fields)
        assert (role, found) == (role, expected)
        if found < 400:
            fields = prepare(desk)
