"""Files on their way in or out: pieces of 1 MiB in the owner's database, each file under a key of its own."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from chassis.database import Database
from chassis.errors import Refused
from chassis.tables import file, file_chunk
from kernel.crypto import keys, sm4
from kernel.ids import new_id

#: Bytes of a piece; the last may have fewer.
CHUNK = 1024 * 1024
#: How long a file is kept, unless its job ends without being done.
KEPT = timedelta(days=7)


@dataclass(slots=True)
class Writer:
    """Writes a file piece by piece; nobody can read it before `close`."""

    #: Opens a transaction for each piece; a job's is `Running.held`, so that whoever lost the job writes no further.
    begin: Callable[[], AbstractContextManager[Connection]]
    file_key: bytes
    id: UUID = field(default_factory=lambda: UUID(new_id()))
    _key: bytes = field(default_factory=keys.new_data_key, repr=False)
    _waiting: bytearray = field(default_factory=bytearray)
    _digest: Any = field(default_factory=hashlib.sha256)
    _chunks: int = 0
    _size: int = 0

    def open(self, owner_id: UUID, media_type: str) -> None:
        """Make the file; it belongs to a job, or to the actor who sends it."""
        values = {
            "id": self.id,
            "owner_id": owner_id,
            "media_type": media_type,
            "wrapped_key": keys.wrap(self.file_key, self._key, str(self.id)),
            "expires_at": func.clock_timestamp() + KEPT,
        }
        with self.begin() as connection:
            connection.execute(insert(file).values(values))

    def write(self, data: bytes) -> None:
        """Add to the end."""
        self._digest.update(data)
        self._size += len(data)
        self._waiting += data
        while len(self._waiting) >= CHUNK:
            self._put(bytes(self._waiting[:CHUNK]))
            del self._waiting[:CHUNK]

    def close(self) -> Mapping[str, Any]:
        """Write what is left, and make the file readable; gives its handle."""
        if self._waiting:
            self._put(bytes(self._waiting))
        values = {"chunks": self._chunks, "size": self._size, "sha256": self._digest.digest()}
        with self.begin() as connection:
            connection.execute(update(file).where(file.c.id == self.id).values(values))
            return handle(connection, self.id)

    def _put(self, piece: bytes) -> None:
        sealed = sm4.seal(self._key, piece, place(self.id, self._chunks))
        with self.begin() as connection:
            connection.execute(insert(file_chunk).values(file_id=self.id, number=self._chunks, sealed=sealed))
        self._chunks += 1


def handle(connection: Connection, file_id: UUID) -> Mapping[str, Any]:
    """What the gateway needs to hand a file out. Raises Refused `not_found` on one that is not whole or is gone."""
    columns = (file.c.id, file.c.media_type, file.c.chunks, file.c.size, file.c.sha256)
    whole = select(*columns).where(file.c.id == file_id, file.c.chunks.is_not(None), kept())
    row = connection.execute(whole).first()
    if row is None:
        raise Refused("not_found")
    return {
        "id": str(row.id),
        "media_type": row.media_type,
        "chunks": row.chunks,
        "size": row.size,
        "sha256": bytes(row.sha256).hex(),
    }


def chunk(database: Database, file_key: bytes, file_id: UUID, number: int) -> bytes:
    """One piece, opened. Raises Refused `not_found`."""
    found = (
        select(file.c.wrapped_key, file_chunk.c.sealed)
        .join(file_chunk, file_chunk.c.file_id == file.c.id)
        .where(file.c.id == file_id, file_chunk.c.number == number, kept())
    )
    with database.reader.connect() as connection:
        row = connection.execute(found).first()
    if row is None:
        raise Refused("not_found")
    key = keys.unwrap(file_key, bytes(row.wrapped_key), str(file_id))
    return sm4.unseal(key, bytes(row.sealed), place(file_id, number))


def discard(connection: Connection, owner_id: UUID) -> None:
    """Delete the files of a job, and with them their pieces."""
    connection.execute(delete(file).where(file.c.owner_id == owner_id))


def sweep(database: Database) -> None:
    """Delete files whose time is over, and with them their pieces."""
    with database.writer.begin() as connection:
        connection.execute(delete(file).where(~kept()))


def kept() -> Any:
    """Which files are there: the time of the others is over, though they may not be swept yet."""
    return file.c.expires_at > func.clock_timestamp()


def place(file_id: UUID, number: int) -> bytes:
    """Ties a sealed piece to its file and its place in it."""
    return f"{file_id}/{number}".encode()
