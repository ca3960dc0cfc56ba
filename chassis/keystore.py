"""Keeps each person's keys in a database of their own, so that no backup of the people holds them and a delete erases.

A key is committed before the row that uses it: a crash in between leaves a key without a person, never a person without
a key. `sweep` deletes such keys later.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, LargeBinary, MetaData, Table, TextClause, Uuid, func, text

from chassis.database import Database, retried
from chassis.tables import NAMING
from kernel.crypto import keys, pseudonyms, sm4
from kernel.ids import new_id

#: Keys in one statement.
BATCH = 5000
#: How long an unused key is left alone: longer than any unit of work takes that may still commit the row that uses it,
#: and than a job may hold keys that it took beforehand.
UNUSED_KEPT = timedelta(days=2)

metadata = MetaData(naming_convention=NAMING)

#: One row for each person; without it nothing of the person can be read, and no other service's facts lead to them.
person_key = Table(
    "person_key",
    metadata,
    Column("id", Uuid, primary_key=True),
    # by the master key
    Column("wrapped_key", LargeBinary, nullable=False),
    # by the data key: a new master key changes one column only
    Column("sealed_seed", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    # when a sweep first found the row that uses it; no later sweep asks again
    Column("used_at", DateTime(timezone=True)),
    Index("ix_person_key_unused", "created_at", postgresql_where=text("used_at IS NULL")),
)

_ISSUE = text(
    """
    INSERT INTO person_key (id, wrapped_key, sealed_seed)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:wrapped_keys AS bytea[]), CAST(:sealed_seeds AS bytea[]))
    ON CONFLICT DO NOTHING
    """
)
_READ = text("SELECT id, wrapped_key, sealed_seed FROM person_key WHERE id = ANY(CAST(:ids AS uuid[]))")
_KEPT = text("SELECT id FROM person_key WHERE id = ANY(CAST(:ids AS uuid[]))")
_DESTROY = text("DELETE FROM person_key WHERE id = ANY(CAST(:ids AS uuid[]))")
_UNUSED = text(
    """
    SELECT id FROM person_key WHERE used_at IS NULL AND created_at < clock_timestamp() - CAST(:kept AS interval)
    ORDER BY created_at LIMIT :limit
    """
)
_USED = text("UPDATE person_key SET used_at = clock_timestamp() WHERE id = ANY(CAST(:ids AS uuid[]))")

#: Says which of these keys some row uses.
Used = Callable[[Sequence[UUID]], Collection[UUID]]


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The keys of one person; only the id is ever printed."""

    id: UUID
    #: Opens the person's sealed fields (16 bytes).
    data_key: bytes = field(repr=False)
    #: What the person's subject keys are made of (16 bytes; `kernel.crypto.pseudonyms`).
    seed: bytes = field(repr=False)


class Keystore:
    """The keys of all persons. Everything raises ServiceUnavailable while the database is away."""

    def __init__(self, url: str, master_key: bytes) -> None:
        """`url` leads to the keystore's own database; `master_key` (16 bytes) wraps what lies there."""
        self._database = Database(url)
        self._master_key = master_key

    def issue(self, count: int) -> list[PersonKey]:
        """Make keys; they are committed when this returns. The rows that use them must be within `UNUSED_KEPT`."""
        issued = [PersonKey(UUID(new_id()), keys.new_data_key(), pseudonyms.new_seed()) for _ in range(count)]
        for batch in _batches(issued):
            rows = {
                "ids": [str(key.id) for key in batch],
                "wrapped_keys": [keys.wrap(self._master_key, key.data_key, str(key.id)) for key in batch],
                "sealed_seeds": [sm4.seal(key.data_key, key.seed, _seed_place(key.id)) for key in batch],
            }
            self._write(_ISSUE, rows)
        return issued

    def read(self, ids: Collection[UUID]) -> Mapping[UUID, PersonKey]:
        """The keys by their ids, in one statement; one that is missing belonged to a person who was erased.

        Raises BrokenSeal if the master key is another than the one that wrapped them.
        """
        rows = self._select(_READ, {"ids": _texts(ids)})
        return {row.id: self._open(row) for row in rows}

    def kept(self, ids: Collection[UUID]) -> Set[UUID]:
        """Those of these ids whose keys are there; none is opened."""
        return {row.id for row in self._select(_KEPT, {"ids": _texts(ids)})}

    def destroy(self, ids: Collection[UUID]) -> None:
        """Delete keys, and with them all that was sealed by them. Those that are gone already do no harm."""
        self._write(_DESTROY, {"ids": _texts(ids)})

    def sweep(self, used: Used, kept: timedelta = UNUSED_KEPT) -> int:
        """Delete the keys that no row uses though they are older than `kept`; gives how many.

        `used` is asked about up to `BATCH` ids at a time, and about a key that is used only once in its life; it must
        look at committed rows. What it raises ends the sweep, and the keys it was asked about stay.
        """
        swept = 0
        while old := [row.id for row in self._select(_UNUSED, {"kept": kept, "limit": BATCH})]:
            in_use = set(used(old))
            unused = [key_id for key_id in old if key_id not in in_use]
            self._write(_USED, {"ids": _texts(in_use)})
            self.destroy(unused)
            swept += len(unused)
        return swept

    def dispose(self) -> None:
        """Close every connection."""
        self._database.dispose()

    def _open(self, row: Any) -> PersonKey:
        data_key = keys.unwrap(self._master_key, bytes(row.wrapped_key), str(row.id))
        return PersonKey(row.id, data_key, sm4.unseal(data_key, bytes(row.sealed_seed), _seed_place(row.id)))

    def _select(self, statement: TextClause, values: Mapping[str, Any]) -> Sequence[Any]:
        def unit() -> Sequence[Any]:
            with self._database.reader.connect() as connection:
                return connection.execute(statement, values).all()

        return retried(unit)

    def _write(self, statement: TextClause, values: Mapping[str, Any]) -> None:
        """Commit one statement; each is such that it may be done twice."""

        def unit() -> None:
            with self._database.writer.begin() as connection:
                connection.execute(statement, values)

        retried(unit)


def _batches(issued: Sequence[PersonKey]) -> Iterable[Sequence[PersonKey]]:
    return (issued[start : start + BATCH] for start in range(0, len(issued), BATCH))


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(key_id) for key_id in ids]


def _seed_place(key_id: UUID) -> bytes:
    return f"person_key.seed.{key_id}".encode()
