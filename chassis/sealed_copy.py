"""Reads a stored file wherever its reader jumps to, without the database: a thread of its own may do it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import select

from chassis import files
from chassis.database import Database
from chassis.tables import file, file_chunk
from kernel.crypto import keys, sm4


@contextmanager
def opened(database: Database, file_key: bytes, file_id: UUID) -> Iterator[BinaryIO]:
    """The file, to read and seek in; its pieces lie on the disk as sealed as in the database, and one is in memory.

    Raises Refused `not_found`.
    """
    with database.reader.connect() as connection:
        handle = files.handle(connection, file_id)
        wrapped = connection.execute(select(file.c.wrapped_key).where(file.c.id == file_id)).scalar_one()
    key = keys.unwrap(file_key, bytes(wrapped), str(file_id))
    with TemporaryFile() as copy:
        ends = [0]
        for number in range(handle["chunks"]):
            ends.append(ends[-1] + copy.write(_sealed(database, file_id, number)))
        yield io.BufferedReader(_Pieces(file_id, key, copy, ends, handle["size"]))


def _sealed(database: Database, file_id: UUID, number: int) -> bytes:
    piece = select(file_chunk.c.sealed).where(file_chunk.c.file_id == file_id, file_chunk.c.number == number)
    with database.reader.connect() as connection:
        return bytes(connection.execute(piece).scalar_one())


class _Pieces(io.RawIOBase):
    """Opens one piece at a time."""

    def __init__(self, file_id: UUID, key: bytes, copy: BinaryIO, ends: list[int], size: int) -> None:
        self._file_id, self._key, self._copy, self._ends, self._size = file_id, key, copy, ends, size
        self._position = 0
        self._open: tuple[int, bytes] = -1, b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; before the beginning is the beginning."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """The place."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read once, no further than to the end of a piece."""
        if self._position >= self._size:
            return 0
        number, start = divmod(self._position, files.CHUNK)
        part = self._piece(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _piece(self, number: int) -> bytes:
        if self._open[0] != number:
            self._copy.seek(self._ends[number])
            sealed = self._copy.read(self._ends[number + 1] - self._ends[number])
            self._open = number, sm4.unseal(self._key, sealed, files.place(self._file_id, number))
        return self._open[1]
