"""A file that comes in is whole or not there, is its sender's alone, and comes twice without a trace."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from chassis import files, uploads
from chassis.actor import Actor
from chassis.errors import Refused
from chassis.housekeeping import Housekeeping
from chassis.tables import file
from chassis.tree import projected
from chassis.uploads import Piece
from chassis.work import Work
from tests.chassis.books import Books

FILE_KEY = secrets.token_bytes(16)
DIGEST = "ab" * 32


class Sender:
    """Somebody who sends one file of two pieces, `first` and `last`."""

    def __init__(self, books: Books) -> None:
        self.books, self.id, self.file_id = books, uuid4(), uuid4()

    def piece(self, number: int = 0, data: bytes = b"first") -> Piece:
        return Piece(self.file_id, self.id, "text/csv", number, data)

    def put(self, piece: Piece) -> None:
        uploads.put(self.books.database, FILE_KEY, piece)

    def put_all(self) -> None:
        self.put(self.piece())
        self.put(self.piece(1, b"last"))

    def close(self, actor_id: UUID | None = None, pieces: int = 2) -> Any:
        request = {"file_id": self.file_id, "pieces": pieces, "size": 9, "sha256": DIGEST}
        with Session(self.books.database.writer) as session:
            received = uploads.receive(Work(session, Actor(actor_id or self.id, ()), projected()), request)
            session.commit()
        return received

    def find(self, owner_id: UUID) -> Any:
        with self.books.database.reader.connect() as connection:
            return uploads.find(connection, self.file_id, owner_id)

    def stored(self) -> list[bytes]:
        handle = self.find(self.id)
        return [files.chunk(self.books.database, FILE_KEY, self.file_id, each) for each in range(handle["chunks"])]

    def age(self, by: timedelta) -> None:
        with self.books.database.writer.begin() as connection:
            mine = file.update().where(file.c.id == self.file_id)
            connection.execute(mine.values(expires_at=file.c.expires_at - by))

    def left(self) -> int:
        return int(self.books.scalar("SELECT count(*) FROM file_chunk WHERE file_id = :id", id=self.file_id))


@pytest.fixture
def sender(books: Books) -> Iterator[Sender]:
    sender = Sender(books)
    yield sender
    with books.database.writer.begin() as connection:
        files.discard(connection, sender.id)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def test_a_file_is_there_when_all_its_pieces_are_named(sender: Sender) -> None:
    sender.put_all()
    with refused("unknown_file"):
        sender.find(sender.id)

    received = sender.close()

    assert (received["id"], received["size"], received["sha256"]) == (sender.file_id, 9, DIGEST)
    assert sender.stored() == [b"first", b"last"]


def test_nobody_reads_a_piece_in_the_database(sender: Sender) -> None:
    sender.put_all()

    clear = "SELECT count(*) FROM file_chunk WHERE position(CAST('first' AS bytea) IN sealed) > 0"
    assert sender.books.scalar(clear) == 0


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_file_of_another_number_of_pieces_is_not_taken_for_whole(sender: Sender, pieces: int) -> None:
    sender.put_all()

    with refused("body_broken"):
        sender.close(pieces=pieces)


def test_the_same_pieces_may_come_again_at_any_time(sender: Sender) -> None:
    sender.put(sender.piece())
    sender.put_all()
    sender.close()
    sender.put_all()

    assert sender.stored() == [b"first", b"last"]


def test_other_bytes_never_take_the_place_of_those_that_came_first(sender: Sender) -> None:
    sender.put(sender.piece())
    for other in (sender.piece(data=b"other"), replace(sender.piece(1), media_type="text/plain")):
        with refused("idempotency_key_reused"):
            sender.put(other)
    sender.put(sender.piece(1, b"last"))
    sender.close()
    with refused("idempotency_key_reused"):
        sender.put(sender.piece(2, b"more"))

    assert sender.stored() == [b"first", b"last"]


def test_a_piece_that_was_changed_on_its_way_is_refused(sender: Sender) -> None:
    wire = sender.piece().to_wire()

    assert Piece.from_wire(wire) == sender.piece()
    with refused("body_broken"):
        Piece.from_wire(wire | {"data": "b3RoZXI="})


def test_a_file_is_its_senders_alone(sender: Sender) -> None:
    sender.put_all()
    with refused("body_broken"):
        sender.close(uuid4())
    sender.close()

    with refused("unknown_file"):
        sender.find(uuid4())


def test_pieces_without_the_rest_are_swept_before_a_whole_file_is(sender: Sender) -> None:
    other = Sender(sender.books)
    for one in (sender, other):
        one.put_all()
    other.close()

    for one in (sender, other):
        one.age(uploads.UNFINISHED_KEPT)
    Housekeeping(sender.books.database).clean()
    assert (sender.left(), other.left()) == (0, 2)

    other.age(files.KEPT - uploads.UNFINISHED_KEPT)
    with refused("unknown_file"):
        other.find(other.id)
    Housekeeping(sender.books.database).clean()
    assert other.left() == 0
