"""Takes files in, piece by piece: the same bytes sent again under one key are the same file, and others are refused."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis import files
from chassis.database import Database
from chassis.errors import Refused
from chassis.tables import file, file_chunk
from chassis.work import Work
from kernel.crypto import keys, sm4

#: How long the pieces of a file wait for the rest.
UNFINISHED_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a file on its way in, and what is known of the file already."""

    file_id: UUID
    #: The actor who sends it, and who alone can use it.
    owner_id: UUID
    media_type: str
    #: Its place; the first is 0.
    number: int
    data: bytes = field(repr=False)

    def to_wire(self) -> dict[str, Any]:
        """As JSON values, with the hash of the bytes."""
        return {
            "file_id": str(self.file_id),
            "owner_id": str(self.owner_id),
            "media_type": self.media_type,
            "number": self.number,
            "data": b64encode(self.data).decode(),
            "sha256": _sha256(self.data),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> "Piece":
        """What `to_wire` wrote. Raises Refused `body_broken` if the bytes are not those that were hashed."""
        data = b64decode(wire["data"])
        if _sha256(data) != wire["sha256"]:
            raise Refused("body_broken")
        return cls(UUID(wire["file_id"]), UUID(wire["owner_id"]), wire["media_type"], wire["number"], data)


def put(database: Database, file_key: bytes, piece: Piece) -> None:
    """Keep a piece; one that is there already stays.

    Raises Refused `idempotency_key_reused` where the file has other bytes there.
    """
    with database.writer.begin() as connection:
        known = _opened(connection, file_key, piece)
        if known.media_type != piece.media_type or (known.chunks is not None and piece.number >= known.chunks):
            raise Refused("idempotency_key_reused")
        key, at = keys.unwrap(file_key, bytes(known.wrapped_key), str(piece.file_id)), _at(piece)
        sealed = sm4.seal(key, piece.data, at)
        values = {"file_id": piece.file_id, "number": piece.number, "sealed": sealed}
        stored = insert(file_chunk).values(values).on_conflict_do_nothing().returning(file_chunk.c.number)
        if connection.scalar(stored) is None and sm4.unseal(key, _sealed(connection, piece), at) != piece.data:
            raise Refused("idempotency_key_reused")


def receive(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make a file whole: all that a command with `upload` does. Gives its `contracts.files.UploadedFile`.

    Raises Refused `body_broken` where pieces are missing.
    """
    pieces = select(func.count()).where(file_chunk.c.file_id == file.c.id).scalar_subquery()
    mine = (file.c.id == request["file_id"], file.c.owner_id == work.actor.id, files.kept())
    whole = update(file).where(*mine, pieces == request["pieces"])
    values = {
        "chunks": request["pieces"],
        "size": request["size"],
        "sha256": bytes.fromhex(request["sha256"]),
        "expires_at": func.clock_timestamp() + files.KEPT,
    }
    row = work.session.execute(whole.values(values).returning(file)).first()
    if row is None:
        raise Refused("body_broken")
    return {**row._mapping, "sha256": request["sha256"]}


def find(connection: Connection, file_id: UUID, owner_id: UUID) -> Mapping[str, Any]:
    """The handle of a file that this actor sent. Raises Refused `unknown_file`."""
    mine = select(file.c.id).where(file.c.id == file_id, file.c.owner_id == owner_id, file.c.chunks.is_not(None))
    if connection.scalar(mine.where(files.kept())) is None:
        raise Refused("unknown_file", field="file_id")
    return files.handle(connection, file_id)


def _opened(connection: Connection, file_key: bytes, piece: Piece) -> Row[Any]:
    """The file that the piece belongs to, which its first piece makes."""
    values = {
        "id": piece.file_id,
        "owner_id": piece.owner_id,
        "media_type": piece.media_type,
        "wrapped_key": keys.wrap(file_key, keys.new_data_key(), str(piece.file_id)),
        "expires_at": func.clock_timestamp() + UNFINISHED_KEPT,
    }
    connection.execute(insert(file).values(values).on_conflict_do_nothing())
    return connection.execute(select(file).where(file.c.id == piece.file_id)).one()


def _sealed(connection: Connection, piece: Piece) -> bytes:
    there = (file_chunk.c.file_id == piece.file_id, file_chunk.c.number == piece.number)
    return bytes(connection.execute(select(file_chunk.c.sealed).where(*there)).scalar_one())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _at(piece: Piece) -> bytes:
    return files.place(piece.file_id, piece.number)
