"""Finds values of persons, many at once, in whatever a platform wrote: its files, its rows and its pages."""

import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from kernel.crypto import sm3
from tests.support.books import Books

#: Something written, and where it stands.
Written = tuple[str, bytes]
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_ROWS = "SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {} AS t"


def spelt(values: Iterable[str]) -> set[bytes]:
    """Values as they are, and as JSON and Python write what is not ASCII."""
    return {
        form
        for value in values
        for form in (value.encode(), json.dumps(value)[1:-1].encode(), repr(value.encode())[2:-1].encode())
    }


def digests(values: Iterable[str]) -> set[bytes]:
    """What anybody can make of values without a key."""
    return {digest(value.encode()) for value in values for digest in (sm3.digest, _sha256)}


def hexed(forms: Iterable[bytes]) -> set[bytes]:
    """Bytes as PostgreSQL shows them."""
    return {form.hex().encode() for form in forms}


def _sha256(value: bytes) -> bytes:
    return sha256(value).digest()


class Needles:
    """Byte strings to look for. Those of one set and one length are found by one pattern that all of them fit."""

    def __init__(self, *sets: Collection[bytes]) -> None:
        self._groups = [
            (re.compile(_fitting(group), re.DOTALL), frozenset(group))
            for each in sets
            for _, group in ((length, list(same)) for length, same in groupby(sorted(each, key=len), len))
        ]

    def within(self, places: Iterable[Written]) -> set[tuple[str, bytes]]:
        """Which of them are found where."""
        return {(place, found) for place, content in places for found in self._found(content)}

    def _found(self, content: bytes) -> Iterator[bytes]:
        for pattern, needles in self._groups:
            place = 0
            # whatever only fits may overlap what is looked for
            while fits := pattern.search(content, place):
                if fits[0] in needles:
                    yield fits[0]
                place = fits.start() + 1


def _fitting(needles: Collection[bytes]) -> bytes:
    """A pattern with a class of bytes for each place."""
    return b"".join(
        b"[%b]" % b"".join(b"\\x%02x" % byte for byte in set(column)) for column in zip(*needles, strict=True)
    )


def files(folder: Path) -> Iterator[Written]:
    """Every file below a folder."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent) / name
            # the servers at work make and remove files meanwhile
            with suppress(FileNotFoundError):
                if path.is_file():
                    yield str(path.relative_to(folder)), path.read_bytes()


def rows(books: Books) -> Iterator[Written]:
    """Every table as text: on disk PostgreSQL compresses what is long."""
    for service in books.services:
        for (table,) in books.rows(service, _TABLES):
            yield f"{service}.{table}", books.one(service, _ROWS.format(f'"{table}"')).encode()
