"""Named places at which a fault test ends, delays or fails a process; never armed in production."""

import os
import signal
import time
from collections.abc import Callable, Iterable

#: Places that exist; a misspelt name must stop the start, not silently test nothing.
PLACES = frozenset(
    {
        "command.after_insert",
        "command.before_reply",
        "relay.before_publish",
        "relay.before_mark",
        "subscription.before_commit",
        "subscription.before_ack",
    }
)


class InjectedFault(Exception):
    """A fault test made this place fail."""


class _Failpoint:
    def __init__(self, action: str, seconds: float, every: int) -> None:
        self._action = _ACTIONS[action]
        self._seconds = seconds
        self._every = every
        self._passes = 0

    def passed(self) -> None:
        self._passes += 1
        if self._passes % self._every == 0:
            self._action(self._seconds)


def _kill(_: float) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(_: float) -> None:
    raise InjectedFault


_ACTIONS: dict[str, Callable[[float], None]] = {"kill": _kill, "fail": _fail, "sleep": time.sleep}
#: What stands for the parts that a specification leaves out, by the number of its colons.
_DEFAULTS = ("", "1", "0")
_armed: dict[str, _Failpoint] = {}


def arm(specifications: Iterable[str], *, production: bool) -> None:
    """Arm `place:action[:every[:seconds]]`, e.g. `relay.before_mark:kill:37`. Raises ValueError on anything unknown."""
    specifications = tuple(specifications)
    if specifications and production:
        raise ValueError("failpoints cannot be armed in production")
    _armed.update(_read(specification) for specification in specifications)


def check(specifications: Iterable[str]) -> None:
    """Raise ValueError on what `arm` would not understand."""
    for specification in specifications:
        _read(specification)


def _read(specification: str) -> tuple[str, _Failpoint]:
    parts = specification.split(":")
    place, action, every, seconds = [*parts, *_DEFAULTS[len(parts) - 1 :]][:4]
    if place not in PLACES or action not in _ACTIONS or len(parts) > 4 or int(every) < 1:
        raise ValueError(f"unknown failpoint {specification!r}")
    return place, _Failpoint(action, float(seconds), int(every))


def failpoint(place: str) -> None:
    """Pass a place; does nothing unless a test armed it."""
    if _armed and (armed := _armed.get(place)):
        armed.passed()
