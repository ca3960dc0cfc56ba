"""Runs CPU-bound C calls (password hashes) in a thread, so that the loop goes on turning."""

from collections.abc import Callable
from typing import Any, TypeVar

from eventlet import tpool
from eventlet.semaphore import Semaphore

#: Calls in threads at a time; more would only take the cores from the loop (11 sign-ins/s on two cores; ADR 0011).
MOST_AT_ONCE = 2
#: Callers that may wait; beyond it a sign-in storm is answered at once.
MOST_WAITING = 20

T = TypeVar("T")


class Overloaded(Exception):
    """Too many calls wait already. Answer 429 with Retry-After."""


_slots = Semaphore(MOST_AT_ONCE)
_places = Semaphore(MOST_AT_ONCE + MOST_WAITING)


def offload(function: Callable[..., T], *arguments: Any) -> T:
    """Call a function in a thread and wait for it without stopping other greenlets. Raises Overloaded."""
    if not _places.acquire(blocking=False):
        raise Overloaded
    try:
        with _slots:
            result: T = tpool.execute(function, *arguments)
            return result
    finally:
        _places.release()
