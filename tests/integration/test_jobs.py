"""Long work over HTTP: the business clock reaches every service, and an export outlives the process that writes it."""

import csv
import hashlib
import io
import signal
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import requests

from contracts.files import CSV_IN_UTF8
from demo.year.days import REPORT_DATE
from demo.year.identifiers import REGION
from tests.integration.harness import Account, Office, Town, begin_move, ended, eventually, move_clock

ACCEPTED, NOT_FOUND, FORBIDDEN = requests.codes.accepted, requests.codes.not_found, requests.codes.forbidden
#: A business day of the tests, and the day after.
DAY, TOMORROW = "2024-02-29", "2024-03-01"
#: Facts of an export that takes long enough to be killed half-way.
MANY = 50_000
#: One closed activity for each number, as reporting keeps it; the type of the event is what the test looks for.
_PLANT = """
INSERT INTO fact_activity (generation, event_id, activity_id, kind, union_id, region_code, occurred_at, recorded_at,
    event_type, sequence, state, starts_at, held_on, sessions, attendances, distinct_subjects)
SELECT generation.number, gen_random_uuid(), gen_random_uuid(), 'study', CAST(:union_id AS uuid), '330199', now(),
    now(), :event_type, 1, 'closed', '2023-03-01', '2023-03-01', 1, 1, 1
FROM generation, generate_series(1, :many) WHERE generation.state = 'current'
"""


@pytest.fixture(scope="module")
def operator(town: Town) -> Account:
    """The system administrator, who alone moves the clock."""
    return town.account(town.system_admin)


@pytest.fixture
def clock(operator: Account) -> Iterator[Callable[[str | None], dict[str, Any]]]:
    """Moves the business day of all services and waits; afterwards it is today again."""
    yield partial(move_clock, operator)
    assert move_clock(operator, None)["state"] == "done"


def test_a_moved_clock_is_the_today_of_every_service(town: Town, office: Office, clock: Callable[..., Any]) -> None:
    moved = clock(DAY)
    assert (moved["state"], moved["done"]) == ("done", moved["total"])
    assert moved["result"] == {"day": DAY, "stops": 1, "failed": 0}

    figure = town.analyst.get("/v1/kpis/K01/value", org=town.federation)
    assert (figure["period_from"], figure["period_to"]) == ("2024-01-01", DAY)
    assert found_union(town, office, DAY).status_code == requests.codes.created
    assert found_union(town, office, TOMORROW).json()["code"] == "date_in_future"
    assert hold(town, office, TOMORROW).json()["code"] == "date_in_future"
    assert hold(town, office, DAY).json()["held_on"] == DAY


def found_union(town: Town, office: Office, day: str) -> requests.Response:
    fixed = {"short_name": "Mill", "region_code": REGION, "org_kind": "joint", "founding_mode": "regional"}
    founding = {"name": f"Mill union {uuid4()}", "superior_id": office.federation, "founded_on": day, **fixed}
    return town.account(office.officer).post("/v1/unions", founding)


def hold(town: Town, office: Office, day: str) -> requests.Response:
    """An activity that is held on a day."""
    start, end = "2024-02-29T19:00:00+08:00", "2024-02-29T21:00:00+08:00"
    draft = {"kind": "study", "title": "Reading evening", "starts_at": start, "ends_at": end}
    account = town.account(office.officer)
    drafted = account.post("/v1/activities", {"organizer_union_id": office.federation, **draft}).json()
    for step in ("submit", "approve", "publish"):
        account.post(f"/v1/activities/{drafted['id']}/{step}")
    return account.post(f"/v1/activities/{drafted['id']}/hold", {"held_on": day})


def test_a_clock_is_moved_once_under_a_key(operator: Account, clock: Callable[..., Any]) -> None:
    key = str(uuid4())
    first, second = (operator.post("/v1/clock", {"day": DAY}, key) for _ in range(2))
    assert (first.status_code, second.status_code, second.json()) == (ACCEPTED, ACCEPTED, first.json())
    assert ended(operator, f"/v1/clock/{first.json()['id']}")["state"] == "done"


def test_a_move_that_cannot_go_on_is_cancelled_and_keeps_others_waiting(
    town: Town, operator: Account, clock: Callable[..., Any]
) -> None:
    town.platform.stop_process("reporting.1")
    try:
        move = begin_move(operator, DAY)
        assert operator.post("/v1/clock", {"day": TOMORROW}).json()["code"] == "in_progress"
        assert operator.post(f"/v1/clock/{move['id']}/cancel").json()["id"] == move["id"]
        assert ended(operator, f"/v1/clock/{move['id']}")["state"] == "cancelled"
    finally:
        town.platform.start_process("reporting.1")
        town.platform.wait_ready("reporting.1")
    problem = operator.post(f"/v1/clock/{move['id']}/cancel").json()
    assert (problem["code"], "cancelled" in problem["messages"]["en"]) == ("illegal_transition", True)


@pytest.mark.parametrize("name", ["officer", "analyst"])
def test_only_a_system_administrator_moves_the_clock(town: Town, name: str) -> None:
    answer = town.account(getattr(town, name)).post("/v1/clock", {"day": DAY})
    assert (answer.status_code, answer.json()["code"]) == (FORBIDDEN, "role_not_allowed")


def test_an_export_is_the_whole_list_behind_the_figure(town: Town) -> None:
    account = town.account(town.analyst)
    accepted = account.post("/v1/kpis/K01/exports", {"org": town.federation, "as_of": REPORT_DATE.isoformat()})
    assert accepted.status_code == ACCEPTED
    export = ended(account, f"/v1/exports/{accepted.json()['id']}")
    file = account.get(f"/v1/exports/{export['id']}/file")
    rows = {row["record_id"]: row for row in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))}
    assert rows == {activity: as_text(fact) for activity, fact in town.facts().items()}
    assert_whole(file, export)


def as_text(fact: dict[str, Any]) -> dict[str, str]:
    """A fact as a CSV file has it."""
    return {name: "" if value is None else str(value) for name, value in fact.items()}


def assert_whole(file: requests.Response, export: dict[str, Any]) -> None:
    """The file is the one that the export promised."""
    digest = hashlib.sha256(file.content)
    assert file.headers["Content-Type"] == export["result"]["media_type"] == CSV_IN_UTF8
    assert (digest.hexdigest(), len(file.content)) == (export["result"]["sha256"], export["result"]["size"])
    assert file.headers["Repr-Digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"


def test_an_export_is_its_owners_alone(town: Town) -> None:
    owner, other = town.account(town.analyst), town.account(town.checker)
    export = owner.post("/v1/kpis/K01/exports", {"org": town.federation}).json()
    assert ended(owner, f"/v1/exports/{export['id']}")["state"] == "done"
    for path in ("", "/file"):
        assert other.get(f"/v1/exports/{export['id']}{path}").status_code == NOT_FOUND
    assert other.post(f"/v1/exports/{export['id']}/cancel").status_code == NOT_FOUND


@pytest.fixture
def planted(town: Town, office: Office) -> Iterator[str]:
    """The type of many facts of the office's federation."""
    event_type = f"planted-{uuid4()}"
    town.books.run("reporting", _PLANT, union_id=office.federation, event_type=event_type, many=MANY)
    yield event_type
    town.books.run("reporting", "DELETE FROM fact_activity WHERE event_type = :event_type", event_type=event_type)


def test_an_export_outlives_the_process_that_wrote_it_and_nobody_reads_it_in_the_database(
    town: Town, office: Office, planted: str
) -> None:
    account = town.account(office.analyst)
    accepted = account.post("/v1/kpis/K01/exports", {"org": office.federation, "as_of": "2023-12-31"})
    export_id = accepted.json()["id"]
    holder = half_way(town, export_id)

    town.platform.signal("reporting.1", signal.SIGKILL)

    export = ended(office.analyst, f"/v1/exports/{export_id}")
    assert export["state"] == "done"
    assert half_way(town, export_id) != holder
    file = account.get(f"/v1/exports/{export_id}/file")
    assert_whole(file, export)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len({row["event_id"] for row in rows}) == len(rows) == MANY
    assert {row["event_type"] for row in rows} == {planted}
    assert chunks_with(town, planted) == 0


def half_way(town: Town, export_id: str) -> str:
    """The holder of an export, as soon as a page of it is written."""
    statement = "SELECT holder FROM job WHERE id = CAST(:id AS uuid) AND done > 0"
    eventually(lambda: bool(town.books.rows("reporting", statement, id=export_id)), "The export does not begin.")
    holder: str = town.books.one("reporting", statement, id=export_id)
    return holder


def chunks_with(town: Town, text: str) -> int:
    """How many stored pieces hold a text that anybody can read."""
    statement = "SELECT count(*) FROM file_chunk WHERE position(CAST(:text AS bytea) IN sealed) > 0"
    count: int = town.books.one("reporting", statement, text=text.encode())
    return count
