"""What an applicant tells of themselves is on no disk in clear: in no log, table, event, queue or list of answers."""

import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from kernel.crypto import sm3
from tests.integration.harness import Account, Office, Town, settle
from tests.integration.shop import Shop, code, somebody

PATH = "/v1/memberships/applications"
#: While this is held nobody can store an application, and PostgreSQL ends the statement of whoever tries.
STUCK = "LOCK TABLE membership_application IN ACCESS EXCLUSIVE MODE"


@pytest.fixture(scope="module")
def shop(town: Town, office: Office) -> Shop:
    return Shop.found(town, office)


@pytest.fixture
def officer(town: Town, shop: Shop) -> Account:
    return town.account(shop.office.officer)


def holding(folder: Path, needles: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """The files below a folder that hold one of the byte strings."""
    paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    for path in paths:
        # the servers at work make and remove files meanwhile
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_size:
                with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    yield from ((str(path.relative_to(folder)), each) for each in needles if content.find(each) >= 0)


def traces(person: dict[str, str]) -> set[bytes]:
    """A person's values, and what anybody could make of them without a key."""
    values = {value.encode() for value in person.values()}
    digests = {made(value) for made in (sm3.digest, lambda value: sha256(value).digest()) for value in values}
    return values | digests | {each.hex().encode() for each in values | digests}


def test_nothing_of_an_applicant_is_written_anywhere_in_clear(town: Town, shop: Shop, officer: Account) -> None:
    accepted, stuck, wrong = somebody(), somebody(), somebody()
    wrong["document_no"] = f"{wrong['document_no'][:17]}{'0' if wrong['document_no'][-1] != '0' else '1'}"
    key = str(uuid4())

    first = officer.post(PATH, shop.application(accepted), key)
    assert code(first) == 201
    assert officer.post(PATH, shop.application(accepted), key).json() == first.json()
    assert code(officer.post(PATH, shop.application(stuck), key)) == "idempotency_key_reused"
    assert code(officer.post(PATH, shop.application(accepted))) == "application_pending"
    assert code(officer.post(PATH, shop.application(wrong))) == "invalid_request"
    with town.books.locked("membership", STUCK):
        assert officer.post(PATH, shop.application(stuck)).status_code in {409, 503, 504}
    settle(town.platform)

    folder = town.platform.directory.path
    assert set(holding(folder, [first.json()["subject_key"].encode()])), "nothing is found by looking like this"
    assert set(holding(folder, traces(accepted) | traces(stuck) | traces(wrong))) == set()
