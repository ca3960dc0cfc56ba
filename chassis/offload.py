"""Runs CPU-bound C calls (password hashes) in a thread, so that the loop goes on turning."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from eventlet import tpool
from eventlet.semaphore import Semaphore

#: Calls in threads at a time; more would only take the cores from the loop (11 sign-ins/s on two cores; ADR 0011).
MOST_AT_ONCE = 2
#: Callers that may wait; beyond it a sign-in storm is answered at once.
MOST_WAITING = 20

T = TypeVar("T")


class Runs(Protocol):
    """Runs calls without stopping other greenlets."""

    def __call__(self, function: Callable[..., T], *arguments: Any) -> T:
        """What the function gives."""
        ...


class Overloaded(Exception):
    """Too many calls wait already. Answer 429 with Retry-After."""


_slots = Semaphore(MOST_AT_ONCE)
_places = Semaphore(MOST_AT_ONCE + MOST_WAITING)


@contextmanager
def place() -> Iterator[Runs]:
    """A place among those who run or wait, for as long as it is held; what it gives runs calls in a thread.

    Raises Overloaded at once where none is free: whoever does something that only the call justifies takes it first.
    """
    if not _places.acquire(blocking=False):
        raise Overloaded
    try:
        yield _in_thread
    finally:
        _places.release()


def _in_thread(function: Callable[..., T], *arguments: Any) -> T:
    with _slots:
        result: T = tpool.execute(function, *arguments)
        return result
