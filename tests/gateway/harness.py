"""What the gateway's tests share: a client without a network, and services that answer what a test says."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from werkzeug.test import Client, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

import gateway.service  # noqa: F401 - registers the gateway's handlers
from chassis.actor import SYSTEM, Grant
from chassis.commands import HANDLERS, Call, Runner
from chassis.database import Database
from chassis.errors import RemoteFailure
from chassis.migrate import upgrade
from chassis.tables import union_tree
from chassis.tree import projected
from chassis.uploads import Piece
from contracts.declare import Operation
from contracts.gateway import accounts
from contracts.roles import Role
from gateway.assembly import assemble
from gateway.base import Base
from gateway.sessions.tokens import access_tokens
from unionctl.processes import wait_until

PASSWORD = "correct horse battery staple"
ADMINISTRATORS = ("first.admin", "second.admin")
DIGEST_KEY = bytes(16)

Answering = Callable[[Mapping[str, Any], Call], Any]


class Services:
    """Stands in for every service: answers what a test put there, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answering | Exception] = {}
        self.otherwise: Answering | Exception = RemoteFailure("no answer")
        self.asked: list[tuple[Operation, Mapping[str, Any], Call]] = []
        self.pieces: list[tuple[str, Piece]] = []

    def call(self, operation: Operation, payload: Mapping[str, Any], call: Call) -> Any:
        self.asked.append((operation, payload, call))
        answer = self.answers.get(operation.wire_name, self.otherwise)
        if isinstance(answer, Exception):
            raise answer
        return answer(payload, call)

    def put(self, service: str, piece: Piece) -> None:
        self.pieces.append((service, piece))


class World:
    """A gateway and those who use it."""

    def __init__(self, url: str) -> None:
        upgrade("gateway", url)
        self.database = Database(url)
        self.services = Services()
        self.connected = True
        self.runner = Runner(self.database, projected(), lambda: None, DIGEST_KEY)
        assembly = assemble(self.database, self.runner, self.services, lambda: self.connected)
        self.application, self.revocations = assembly.application, assembly.revocations
        self.client = Client(self.application)

    def clear(self) -> None:
        """Begin anew: two administrators, no union, services that fail."""
        with self.database.writer.begin() as connection:
            names = ", ".join(table.name for table in Base.metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {names}, union_tree, idempotency"))
        self.forget()
        administrators = [{"username": name, "password": PASSWORD} for name in ADMINISTRATORS]
        made = self.bootstrap(administrators)
        self.account_ids = {account["username"]: account["id"] for account in made["accounts"]}
        self.revocations.look()

    def forget(self) -> None:
        """Leave the database as it is, and begin anew with services that fail."""
        self.services.answers.clear()
        self.services.asked.clear()
        self.services.pieces.clear()
        self.services.otherwise = RemoteFailure("no answer")
        self.connected = True

    def bootstrap(self, administrators: list[dict[str, str]]) -> Any:
        handler = HANDLERS[accounts.BootstrapAccounts.operation.wire_name]
        return self.runner.run(handler, {"administrators": administrators}, Call(SYSTEM))

    def collide(self, table: str, *requests: Callable[[], TestResponse]) -> list[TestResponse]:
        """The answers to requests that were all under way before any of them could write to the table."""
        with ThreadPoolExecutor(len(requests)) as pool:
            with self.database.writer.begin() as connection:
                connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
                answers = [pool.submit(request) for request in requests]
                wait_until(lambda: self.waiting() == len(requests), 30, "Nobody writes to the table.")
            return [answer.result() for answer in answers]

    def waiting(self) -> int:
        """How many statements wait for a lock."""
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with self.database.reader.connect() as connection:
            return connection.scalar(waiting) or 0

    def sign_in(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        answer = self.post("/v1/sessions", {"username": username, "password": password})
        assert answer.status_code == 201, answer.text
        return answer.json

    def token(self, username: str) -> str:
        return self.sign_in(username)["access_token"]

    def token_of(self, *roles: Role, account_id: UUID | None = None, session_id: UUID | None = None) -> str:
        """A token as the gateway makes them, for an account that need not exist."""
        grants = [Grant(role) for role in roles]
        return access_tokens().issue(account_id or uuid4(), session_id or uuid4(), 0, grants)

    def post(self, path: str, body: Any = None, token: str | None = None, **details: Any) -> TestResponse:
        """POST as JSON with a fresh key; `headers` in the details take precedence."""
        headers = {"Idempotency-Key": str(uuid4()), **bearer(token), **details.pop("headers", {})}
        if body is not None:
            details["json"] = body
        return self.client.post(path, headers=headers, **details)

    def raw(self, environ: dict[str, Any]) -> TestResponse:
        """A request exactly as a server would hand it over."""
        body, status, headers = run_wsgi_app(self.application, environ)
        return TestResponse(body, status, headers, request=Request(environ))

    def get(self, path: str, token: str | None = None, **details: Any) -> TestResponse:
        return self.client.get(path, headers={**bearer(token), **details.pop("headers", {})}, **details)

    def account(self, username: str, token: str) -> dict[str, Any]:
        answer = self.post("/v1/accounts", {"username": username, "password": PASSWORD}, token)
        assert answer.status_code == 201, answer.text
        return answer.json

    def union(self) -> UUID:
        """A union that the gateway's copy of the tree knows."""
        union_id = uuid4()
        row = {"union_id": union_id, "superior_id": None, "name": "Mill", "region_code": "330110", "state": "approved"}
        with self.database.writer.begin() as connection:
            connection.execute(insert(union_tree).values(**row, generation=1, sequence=1))
        return union_id

    def granted(self, account_id: str, role: str, union_id: UUID | None = None) -> dict[str, Any]:
        """A role proposed by the first administrator and approved by the second."""
        first, second = (self.token(name) for name in ADMINISTRATORS)
        asked = {"account_id": account_id, "role": role, "union_id": str(union_id) if union_id else None}
        proposed = self.post("/v1/grants", asked, first)
        assert proposed.status_code == 201, proposed.text
        approved = self.post(f"/v1/grants/{proposed.json['id']}/approve", None, second)
        assert approved.status_code == 200, approved.text
        return approved.json


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}
