"""What the integration tests share: accounts that ask once over HTTP, federations, and a look into every database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import uuid4

import requests

from chassis.operator import Operator
from contracts.events.activities import ActivityKind
from contracts.roles import Role
from demo.accounts import ADMINISTRATORS, Registry
from demo.client import Client
from demo.loading.activities import announce, hold
from demo.year.activities import PlannedActivity
from demo.year.days import REPORT_DATE
from demo.year.generator import year
from demo.year.identifiers import REGION
from demo.year.scale import SMALL
from tests.support.books import Books
from unionctl.accounts import password, passwords
from unionctl.management import http
from unionctl.platform import Platform
from unionctl.processes import wait_until

#: Seconds for whatever has to come in the end; no test depends on how soon it does.
PATIENCE = 60.0
#: Tables that may change though nothing was accepted.
_ATTEMPTS = {"gateway.sign_in_attempts"}
#: Name, number of rows and digest of a table.
_CONTENT = "SELECT '{0}', count(*), coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') FROM {0} AS t"


class Account:
    """A signed-in account; each request is sent once, whatever the answer."""

    def __init__(self, url: str, authorization: str) -> None:
        self.url = url
        self.authorization = authorization
        self._session = http()

    def get(self, path: str, **parameters: Any) -> requests.Response:
        return self._ask("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> requests.Response:
        """POST as JSON, or as it is if the body is bytes; underscores in names of headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Idempotency-Key", key or str(uuid4()))
        if isinstance(body, bytes):
            return self._ask("POST", path, data=body, headers={"Content-Type": "application/json", **named})
        return self._ask("POST", path, json={} if body is None else body, headers=named)

    def _ask(self, method: str, path: str, headers: Mapping[str, str] = {}, **details: Any) -> requests.Response:
        headers = {"Authorization": self.authorization, **headers}
        return self._session.request(method, self.url + path, headers=headers, timeout=30, **details)


class Town:
    """The demo year on a running platform, and those who work there."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.books = Books(platform)
        self.officer, self.checker, self.analyst, self.system_admin = (
            self.client(name) for name in ("zone.officer", "zone.checker", "analyst", "system.admin")
        )
        tree = self.analyst.get("/v1/unions/tree")["nodes"]
        self.year = year(scale=SMALL)
        self.unions = {node["name"]: node["id"] for node in tree}
        self.federation = self.unions[self.year.federation.name]

    def client(self, username: str) -> Client:
        """A client that repeats until the answer is definite."""
        return Client(self.platform.url, username, password(self.platform, username))

    def account(self, client: Client, gateway: int = 1) -> Account:
        """The same account at one of the gateways, asking once."""
        return self.bearer(client.authorization, gateway)

    def bearer(self, authorization: str, gateway: int = 1) -> Account:
        """Whoever has an access token, at one of the gateways."""
        port = self.platform.directory.port(f"http.gateway.{gateway}")
        return Account(f"http://127.0.0.1:{port}", authorization)

    def employ(self, role: Role, union_id: str | None) -> Client:
        """A new account with one role."""
        username = f"{role}.{uuid4()}"
        names = [*ADMINISTRATORS, username]
        return Registry(self.platform.url, passwords(self.platform, names)).employ(username, role, union_id)

    def new_federation(self) -> str:
        """One more root of a union tree."""
        name = f"Northern federation {uuid4()}"
        days = {"founded_on": "2012-05-01", "approved_on": "2012-05-20"}
        details = {"name": name, "short_name": "North", "region_code": REGION, **days}
        federation_id: str = self.system_admin.post("/v1/federations", details, name)["id"]
        return federation_id

    def figure(self, org: str | None = None, as_of: str = REPORT_DATE.isoformat()) -> dict[str, Any]:
        """K01 as the analyst reads it."""
        figure: dict[str, Any] = self.analyst.get("/v1/kpis/K01/value", org=org or self.federation, as_of=as_of)
        return figure

    def facts(self, as_of: str = REPORT_DATE.isoformat()) -> dict[str, dict[str, Any]]:
        """Every activity behind K01 of the federation by its id, read page by page."""
        found: dict[str, dict[str, Any]] = {}
        for page in self._pages(as_of):
            found |= {fact["record_id"]: fact for fact in page}
        return found

    def await_figure(self, numerator: int) -> dict[str, Any]:
        """K01 of the federation as soon as it counts so many."""
        eventually(lambda: self.figure()["numerator"] == numerator, f"K01 does not become {numerator}.")
        return self.figure()

    def _pages(self, as_of: str) -> Iterator[Sequence[dict[str, Any]]]:
        cursor: dict[str, str] = {}
        while True:
            page = self.analyst.get("/v1/kpis/K01/explain", org=self.federation, as_of=as_of, limit=7, **cursor)
            yield page["facts"]
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}


@dataclass(frozen=True, slots=True)
class Office:
    """A federation beside the demo's, for what must not touch the demo's figures, and those who work there."""

    federation: str
    officer: Client
    checker: Client
    analyst: Client

    @classmethod
    def open(cls, town: Town) -> Self:
        """Make the federation and the accounts."""
        federation = town.new_federation()
        roles = (Role.ZONE_OFFICER, Role.ZONE_OFFICER, Role.ANALYST)
        return cls(federation, *(town.employ(role, federation) for role in roles))


def held(officer: Client, union_id: str, *, close: bool) -> str:
    """A study activity that took place in the demo year; gives its id."""
    key, day = str(uuid4()), date(2023, 9, 26)
    planned = PlannedActivity(ActivityKind.STUDY, key, 0, day, day, (), theme="Reading circle", carrier="Library")
    activity = announce(officer, union_id, planned, key)
    hold(officer, activity, planned, [{"subject_key": "5e" * 32, "worker_category": "13"}], key, close=close)
    return activity


def eventually(condition: Callable[[], bool], otherwise: str) -> None:
    """Wait for what must come in the end; PlatformError with the given sentence if it does not."""
    wait_until(condition, PATIENCE, otherwise)


def ended(account: Account | Client, path: str) -> dict[str, Any]:
    """A job as soon as it has ended."""
    found: dict[str, Any] = {}

    def has_ended() -> bool:
        answer = account.get(path)
        found.update(answer.json() if isinstance(answer, requests.Response) else answer)
        return found["ended_at"] is not None

    eventually(has_ended, f"{path} does not end.")
    return found


def begin_move(operator: Account, day: str | None) -> dict[str, Any]:
    """A move of the clock; it waits for one that is at work."""
    answers: list[requests.Response] = []

    def is_accepted() -> bool:
        answers.append(operator.post("/v1/clock", {"day": day}))
        assert answers[-1].status_code in (requests.codes.accepted, requests.codes.conflict), answers[-1].text
        return answers[-1].status_code == requests.codes.accepted

    eventually(is_accepted, "Another move of the clock does not end.")
    move: dict[str, Any] = answers[-1].json()
    return move


def move_clock(operator: Account, day: str | None) -> dict[str, Any]:
    """Move the business day of all services, null for today; gives the job when it has ended."""
    return ended(operator, f"/v1/clock/{begin_move(operator, day)['id']}")


def settle(platform: Platform) -> None:
    """Wait until everything recorded is published and everything published is handled, seen twice."""
    with Operator(platform.amqp_uri("unionctl")) as operator:
        for _ in range(2):
            eventually(
                lambda: all(operator.call(f"{service}.is_settled") for service in platform.services),
                "Events are still on their way.",
            )


def contents(books: Books) -> Mapping[str, tuple[int, str]]:
    """Number of rows and digest of all rows of every table of every database but those that count attempts."""
    found = {}
    for service in books.services:
        tables = books.rows(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        statement = " UNION ALL ".join(_CONTENT.format(table) for (table,) in tables)
        found |= {f"{service}.{table}": (count, digest) for table, count, digest in books.rows(service, statement)}
    return {name: content for name, content in found.items() if name not in _ATTEMPTS}


def changed(before: Mapping[str, tuple[int, str]], after: Mapping[str, tuple[int, str]]) -> set[str]:
    """Names of the tables that are not as they were."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
