"""Makes the next of many things while the one before it is in use: a thread works while the database does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import eventlet

T = TypeVar("T")


@contextmanager
def ahead(made: Iterator[T]) -> Iterator[Iterator[T]]:
    """The same things in the same order, each made in a greenlet of its own and one at a time.

    What making one raises is raised where it would have been given. Whoever leaves before the end waits for the one
    that is being made, so that nothing goes on behind their back.
    """
    end = object()
    coming = eventlet.spawn(next, made, end)

    def given() -> Iterator[T]:
        nonlocal coming
        while (thing := coming.wait()) is not end:
            coming = eventlet.spawn(next, made, end)
            yield thing

    try:
        yield given()
    finally:
        with suppress(Exception):
            coming.wait()
