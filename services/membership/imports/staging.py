"""Keeps the rows that were found right until they are stored: sealed, in a file of the job's own, one on each line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

import orjson

from chassis import files
from chassis.jobs import Running

#: A row's number and its values by name, as `Layout.read` gives them.
Row = tuple[int, Mapping[str, Any]]

_MEDIA_TYPE = "application/jsonl"
_DATES = ("birth_date", "since", "started_on")


def writer(running: Running) -> files.Writer:
    """Where the lines go; unless it is discarded before, the file ends with its time."""
    staged = files.Writer(running.held, running.file_key)
    staged.open(running.id, _MEDIA_TYPE)
    return staged


def lines(rows: Sequence[Row]) -> bytes:
    """Rows as lines."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def batches(running: Running, file_id: UUID, done: int, size: int) -> Iterator[list[Row]]:
    """The staged rows behind the first `done`, so many at a time; codes come as their plain texts."""
    rest = islice(_lines(running, file_id), done, None)
    while batch := [_row(line) for line in islice(rest, size)]:
        yield batch


def _lines(running: Running, file_id: UUID) -> Iterator[bytes]:
    with running.database.reader.connect() as connection:
        chunks = files.handle(connection, file_id)["chunks"]
    cut_off = b""
    for number in range(chunks):
        piece = cut_off + files.chunk(running.database, running.file_key, file_id, number)
        *whole, cut_off = piece.split(b"\n")
        yield from whole


def _row(line: bytes) -> Row:
    number, values = orjson.loads(line)
    dates = {name: date.fromisoformat(values[name]) for name in _DATES if values[name] is not None}
    return number, values | dates
