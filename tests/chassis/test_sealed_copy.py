"""A stored file is read wherever its reader jumps to, and lies on the disk as sealed as in the database."""

import io
import secrets
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from chassis import files, sealed_copy
from chassis.errors import Refused
from tests.chassis.books import Books

FILE_KEY = secrets.token_bytes(16)
#: Two whole pieces and a part of a third.
BYTES = secrets.token_bytes(2 * files.CHUNK + 1000)


@pytest.fixture
def stored(books: Books) -> Iterator[UUID]:
    owner = uuid4()
    writer = files.Writer(books.database.writer.begin, FILE_KEY)
    writer.open(owner, "text/csv")
    writer.write(BYTES)
    writer.close()
    yield writer.id
    with books.database.writer.begin() as connection:
        files.discard(connection, owner)


def test_a_file_is_read_as_it_was_written(books: Books, stored: UUID) -> None:
    with sealed_copy.opened(books.database, FILE_KEY, stored) as file:
        assert file.read() == BYTES
        assert file.read(1) == b""


@pytest.mark.parametrize("start", [0, 5, files.CHUNK - 3, files.CHUNK, len(BYTES) - 4, len(BYTES), len(BYTES) + 9])
def test_a_reader_jumps_where_it_likes(books: Books, stored: UUID, start: int) -> None:
    with sealed_copy.opened(books.database, FILE_KEY, stored) as file:
        file.seek(start)
        assert file.read(7) == BYTES[start : start + 7]
        file.seek(-10, io.SEEK_END)
        assert file.read() == BYTES[-10:]
        file.seek(2)
        file.seek(3, io.SEEK_CUR)
        assert (file.tell(), file.read(1)) == (5, BYTES[5:6])


def test_nothing_of_the_file_is_clear_on_the_disk(books: Books, stored: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[io.BytesIO] = []

    def remembered() -> io.BytesIO:
        copies.append(io.BytesIO())
        return copies[0]

    monkeypatch.setattr(sealed_copy, "TemporaryFile", remembered)
    with sealed_copy.opened(books.database, FILE_KEY, stored) as file:
        file.read()
        on_disk = copies[0].getvalue()

    assert len(on_disk) > len(BYTES)
    assert all(BYTES[start : start + 16] not in on_disk for start in range(0, len(BYTES), files.CHUNK // 2))


def test_a_file_that_is_not_there_is_not_opened(books: Books) -> None:
    with pytest.raises(Refused, match="not_found"), sealed_copy.opened(books.database, FILE_KEY, uuid4()):
        pytest.fail("there is none")
