"""The keystore: keys are there before the rows that use them, and gone for good with their person."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from chassis import keystore
from chassis.keystore import Keystore, PersonKey
from chassis.migrate import KEYSTORE, upgrade
from kernel.crypto.errors import BrokenSeal
from unionctl.postgres import Postgres

MASTER_KEY = b"m" * 16
AT_ONCE = timedelta()


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    postgres.ensure_database("keys", "secret")
    address = postgres.url("keys", "secret")
    upgrade(KEYSTORE, address)
    return address


@pytest.fixture
def store(url: str) -> Iterator[Keystore]:
    store = Keystore(url, MASTER_KEY)
    yield store
    store.dispose()


def none_used(_ids: Sequence[UUID]) -> Collection[UUID]:
    return ()


def test_the_migrated_database_has_exactly_the_table_of_the_model(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_object": lambda _object, name, *_: name != f"alembic_version_{KEYSTORE}",
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), keystore.metadata)
    engine.dispose()

    assert differences == []


def test_issued_keys_are_committed_and_read_by_another_process(store: Keystore, url: str) -> None:
    issued = store.issue(3)

    assert dict(Keystore(url, MASTER_KEY).read([key.id for key in issued])) == {key.id: key for key in issued}


def test_whether_keys_are_there_is_told_without_opening_them(store: Keystore, url: str) -> None:
    first, second = store.issue(2)
    store.destroy([first.id])

    assert Keystore(url, b"another master k").kept([first.id, second.id, uuid4()]) == {second.id}


def test_each_person_has_keys_and_a_seed_of_their_own(store: Keystore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keystore, "BATCH", 10)
    issued = store.issue(25)

    assert len({key.id for key in issued}) == len({key.data_key for key in issued}) == 25
    assert len({key.seed for key in issued}) == 25
    assert len(store.read([key.id for key in issued])) == 25


def test_nothing_of_a_key_lies_open_in_the_database(store: Keystore, url: str) -> None:
    [key] = store.issue(1)
    engine = create_engine(url)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM person_key WHERE id = :id"), {"id": key.id}).one()
    engine.dispose()

    assert all(secret not in bytes(row.wrapped_key) + bytes(row.sealed_seed) for secret in (key.data_key, key.seed))


def test_another_master_key_reads_nothing(store: Keystore, url: str) -> None:
    [key] = store.issue(1)

    with pytest.raises(BrokenSeal):
        Keystore(url, b"x" * 16).read([key.id])


def test_a_key_that_was_moved_to_another_person_is_refused(store: Keystore, url: str) -> None:
    [one, other] = store.issue(2)
    engine = create_engine(url)
    with engine.begin() as connection:
        moved = text(
            "UPDATE person_key SET wrapped_key = (SELECT wrapped_key FROM person_key WHERE id = :one) WHERE id = :other"
        )
        connection.execute(moved, {"one": one.id, "other": other.id})
    engine.dispose()

    with pytest.raises(BrokenSeal):
        store.read([other.id])


def test_a_destroyed_key_is_absent_and_can_be_destroyed_again(store: Keystore) -> None:
    [erased, kept] = store.issue(2)
    store.destroy([erased.id])
    store.destroy([erased.id, uuid4()])
    store.destroy([])

    assert dict(store.read([erased.id, kept.id, uuid4()])) == {kept.id: kept}
    assert store.read([]) == {}


def test_a_sweep_deletes_old_keys_that_no_row_uses(store: Keystore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.sweep(none_used, AT_ONCE)
    monkeypatch.setattr(keystore, "BATCH", 2)
    issued = [key.id for key in store.issue(5)]
    in_use = set(issued[::2])

    assert store.sweep(in_use.intersection, AT_ONCE) == 2
    assert store.read(issued).keys() == in_use


def test_a_sweep_asks_about_a_key_in_use_only_once(store: Keystore) -> None:
    store.sweep(none_used, AT_ONCE)
    [key] = store.issue(1)
    store.sweep(lambda ids: ids, AT_ONCE)

    assert store.sweep(none_used, AT_ONCE) == 0
    assert store.read([key.id]).keys() == {key.id}


def test_a_sweep_leaves_a_young_key_alone(store: Keystore) -> None:
    [key] = store.issue(1)

    assert store.sweep(none_used) == 0
    assert store.read([key.id]).keys() == {key.id}


def test_a_sweep_that_cannot_learn_what_is_used_deletes_nothing(store: Keystore) -> None:
    def away(_ids: Sequence[UUID]) -> Collection[UUID]:
        raise ConnectionError

    [key] = store.issue(1)
    with pytest.raises(ConnectionError):
        store.sweep(away, AT_ONCE)

    assert store.read([key.id]).keys() == {key.id}


def test_a_key_prints_its_id_alone_and_does_not_become_json() -> None:
    key = PersonKey(uuid4(), b"d" * 16, b"s" * 16)

    assert repr(key) == f"PersonKey(id={key.id!r})"
    with pytest.raises(TypeError):
        orjson.dumps(key)
