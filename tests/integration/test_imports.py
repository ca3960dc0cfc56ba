"""A file of members over HTTP: sent in pieces, imported by real processes that die half-way, and told to all once."""

import csv
import io
import signal
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from contracts.files import CSV
from contracts.membership.register import MemberJoined
from kernel.identifiers.resident_id import check_character
from tests.integration.harness import Account, Office, Town, ended, eventually, settle

#: Members of a file that takes long enough to be killed half-way, and has more than one piece.
MANY = 6_000
#: A notice that was in use when they joined.
CONSENT = "members-2021-11"
_STORED = "SELECT count(*) FROM membership WHERE union_id = CAST(:union AS uuid)"
_TOLD = """
    SELECT count(*), count(DISTINCT aggregate_id) FROM outbox WHERE body->>'orgid' = :union AND event_type = :type
"""
_HALF_WAY = """
    SELECT CAST(progress->>'stored' AS integer) > 0 FROM job WHERE id = CAST(:id AS uuid) AND ended_at IS NULL
"""
_HEARD = "SELECT count(*), count(DISTINCT membership_id) FROM member_register WHERE union_id = CAST(:union AS uuid)"


@pytest.fixture
def importer(town: Town, office: Office) -> Account:
    """Who may import the members of the office's federation."""
    return town.account(office.officer)


@pytest.fixture(scope="module")
def people() -> Iterator[str]:
    """Numbers of people who do not exist, each once."""
    return (_number(number) for number in range(10**6))


def _number(number: int) -> str:
    first_17 = f"330199{1950 + number % 40}{1 + number // 40 % 12:02}{1 + number // 480 % 28:02}{number // 13440:03}"
    return first_17 + check_character(first_17)


def file_of(numbers: list[str], **first: str) -> bytes:
    """A file of people, of whom the first is as said."""
    file = io.StringIO()
    usual = {"姓名": "林小满", "移动电话": "19900001234", "会籍变化日期": "2022-06-01", "籍贯": "安徽" * 50}
    table = csv.DictWriter(file, ["证件号码", *usual])
    table.writeheader()
    table.writerows({"证件号码": number, **usual, **(first if at == 0 else {})} for at, number in enumerate(numbers))
    return file.getvalue().encode()


def send(account: Account, content: bytes, key: str | None = None) -> requests.Response:
    return account.post("/v1/memberships/import-files", content, key, Content_Type=CSV)


def begin(account: Account, union: str, file: dict[str, Any]) -> str:
    """The address of an import that was asked for."""
    wanted = {"union_id": union, "file_id": file["id"], "consent_version": CONSENT}
    accepted = account.post("/v1/memberships/import", wanted)
    assert accepted.status_code == requests.codes.accepted, accepted.text
    return f"/v1/memberships/imports/{accepted.json()['id']}"


def test_the_same_bytes_under_one_key_are_one_file_and_others_are_refused(
    importer: Account, people: Iterator[str]
) -> None:
    key, content = str(uuid4()), file_of([next(people)])

    first, again = send(importer, content, key), send(importer, content, key)

    assert (first.status_code, again.status_code) == (requests.codes.created, requests.codes.created)
    assert first.json() == again.json()
    assert first.json()["size"] == len(content)
    for other in (content + b"\n", content[:-1], content.replace(b"1990", b"1991")):
        refused = send(importer, other, key)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_a_file_is_its_senders_alone(town: Town, office: Office, importer: Account, people: Iterator[str]) -> None:
    file = send(importer, file_of([next(people)])).json()
    wanted = {"union_id": office.federation, "file_id": file["id"], "consent_version": CONSENT}

    refused = town.account(office.checker).post("/v1/memberships/import", wanted)

    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_file")


def test_an_import_outlives_the_process_that_works_on_it_and_nobody_is_told_of_twice(
    town: Town, office: Office, importer: Account, people: Iterator[str]
) -> None:
    content = file_of([next(people) for _ in range(MANY)], 移动电话="1")
    path = begin(importer, office.federation, send(importer, content).json())
    import_id = path.rpartition("/")[2]
    eventually(lambda: town.books.rows("membership", _HALF_WAY, id=import_id) == [(True,)], "Nothing is stored.")

    town.platform.signal("membership.1", signal.SIGKILL)

    job = ended(office.officer, path)
    assert (job["state"], job["result"]["joined"], job["result"]["faulty"]) == ("done", MANY - 1, 1)
    assert (job["done"], job["total"]) == (2 * MANY - 1, 2 * MANY - 1)
    assert town.books.one("membership", _STORED, union=office.federation) == MANY - 1
    once = [(MANY - 1, MANY - 1)]
    assert town.books.rows("membership", _TOLD, union=office.federation, type=MemberJoined.event_type.type) == once
    settle(town.platform)
    for service in ("events", "welfare"):
        assert town.books.rows(service, _HEARD, union=office.federation) == once


def test_the_report_of_an_import_tells_what_is_wrong_and_no_value(
    office: Office, importer: Account, people: Iterator[str]
) -> None:
    number = next(people)
    path = begin(importer, office.federation, send(importer, file_of([number], 移动电话="1990000123x")).json())
    assert ended(importer, path)["failure"]["code"] == "too_many_faults"

    report = importer.get(f"{path}/report")

    [line] = csv.DictReader(io.StringIO(report.content.decode("utf-8-sig")))
    assert (line["row"], line["field"], line["code"]) == ("2", "移动电话", "mobile_format")
    [listed] = importer.get(f"{path}/faults").json()["items"]
    assert (listed["row"], listed["field"], listed["code"]) == (2, "移动电话", "mobile_format")
    assert listed["reason"] == {"zh": line["zh"], "en": line["en"]}
    assert not any(value in report.text + str(listed) for value in (number, "1990000123x", "林小满"))
