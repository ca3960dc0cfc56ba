"""One key, one effect: whichever gateway and instance take the request, and whether or not its answer arrives."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
import pytest
import requests

from demo.year.identifiers import REGION
from tests.integration.harness import Account, Office, Town, eventually

#: Twins of one request.
TWINS = 8


@pytest.fixture
def founding(office: Office) -> dict[str, Any]:
    """What founding a union asks for; the name is new."""
    fixed = {"short_name": "Mill", "region_code": REGION, "org_kind": "joint", "founding_mode": "regional"}
    return {"name": f"Mill union {uuid4()}", "superior_id": office.federation, "founded_on": "2022-06-18", **fixed}


@pytest.fixture
def drafting(office: Office) -> dict[str, Any]:
    """What drafting an activity asks for; the title is new."""
    start, end = "2023-03-01T19:00:00+08:00", "2023-03-01T21:00:00+08:00"
    fixed = {"kind": "study", "starts_at": start, "ends_at": end}
    return {"organizer_union_id": office.federation, "title": f"Reading evening {uuid4()}", **fixed}


def test_twins_at_two_gateways_found_one_union_and_tell_of_it_once(
    town: Town, office: Office, founding: dict[str, Any]
) -> None:
    answers = twins(town, office, "/v1/unions", founding)
    assert {answer.status_code for answer in answers} == {requests.codes.created}
    assert len({answer.text for answer in answers}) == 1
    union_id = answers[0].json()["id"]
    statement = "SELECT id::text FROM union_organization WHERE name = :name"
    assert town.books.rows("membership", statement, name=founding["name"]) == [(union_id,)]
    told = "SELECT count(*) FROM outbox WHERE aggregate_id = CAST(:id AS uuid)"
    assert town.books.one("membership", told, id=union_id) == 1


def test_twins_at_two_instances_draft_one_activity(town: Town, office: Office, drafting: dict[str, Any]) -> None:
    answers = twins(town, office, "/v1/activities", drafting)
    assert {answer.status_code for answer in answers} == {requests.codes.created}
    assert {answer.json()["id"] for answer in answers} == set(drafted(town, drafting))


def twins(town: Town, office: Office, path: str, body: dict[str, Any]) -> list[requests.Response]:
    """The answers to one request that is sent at the same time under one key, in turn to either gateway."""
    key, accounts = str(uuid4()), [town.account(office.officer, number % 2 + 1) for number in range(TWINS)]
    with ThreadPoolExecutor(TWINS) as pool:
        return list(pool.map(lambda account: account.post(path, body, key), accounts))


def drafted(town: Town, drafting: dict[str, Any]) -> list[str]:
    """Ids of the activities with the title."""
    rows = town.books.rows("events", "SELECT id::text FROM activity WHERE title = :title", title=drafting["title"])
    return [activity_id for (activity_id,) in rows]


def test_a_client_that_heard_no_answer_asks_again_and_hears_it(
    town: Town, office: Office, drafting: dict[str, Any]
) -> None:
    account, key = town.account(office.officer), str(uuid4())
    hang_up(account, "/v1/activities", drafting, key)
    eventually(lambda: bool(drafted(town, drafting)), "Nothing was drafted.")

    for gateway in (1, 2):
        answer = town.account(office.officer, gateway).post("/v1/activities", drafting, key)
        assert (answer.status_code, [answer.json()["id"]]) == (requests.codes.created, drafted(town, drafting))


def hang_up(account: Account, path: str, body: dict[str, Any], key: str) -> None:
    """Send a request and cut the connection before an answer comes."""
    address, payload = urlsplit(account.url), orjson.dumps(body)
    headers = {
        "Host": address.netloc,
        "Authorization": account.authorization,
        "Idempotency-Key": key,
        "Content-Type": "application/json",
        "Content-Length": str(len(payload)),
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall("\r\n".join(lines).encode() + payload)


@pytest.mark.parametrize("changed", [{"title": "Another"}, {"quota": 5}])
def test_a_key_means_one_request_at_every_gateway(
    town: Town, office: Office, drafting: dict[str, Any], changed: dict[str, Any]
) -> None:
    key = str(uuid4())
    assert town.account(office.officer, 1).post("/v1/activities", drafting, key).ok
    refused = town.account(office.officer, 2).post("/v1/activities", drafting | changed, key)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_two_accounts_may_use_the_same_key(town: Town, office: Office, drafting: dict[str, Any]) -> None:
    key = str(uuid4())
    clients: tuple[Callable[[], Account], ...] = (
        lambda: town.account(office.officer),
        lambda: town.account(office.checker),
    )
    ids = {client().post("/v1/activities", drafting, key).json()["id"] for client in clients}
    assert ids == set(drafted(town, drafting))
    assert len(ids) == len(clients)
