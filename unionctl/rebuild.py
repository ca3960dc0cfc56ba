"""Builds a service's projections anew from the owners' history, while everybody goes on reading and writing."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from chassis.history import LARGEST_PAGE
from chassis.operator import Operator
from contracts import registry
from unionctl.errors import PlatformError

#: Seconds between looks at an owner whose newest events are not numbered yet.
PAUSE = 0.2
#: Seconds that an owner may take to number them; its relay is stuck if it takes longer.
PATIENCE = 120.0


class OwnerStuck(PlatformError):
    """A service does not publish its newest events, so its history has no end yet; mend its relay and try again."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did, and the events that only the old projections held."""

    generation: int
    absorbed: int
    seconds: float
    missing: int
    missing_ids: tuple[str, ...]


def rebuild(operator: Operator, consumer: str, progress: Callable[[str, int, int], None]) -> Rebuilt:
    """Open a generation, fill it, let readers switch to it and drop the old one.

    `progress` hears owner, last feed position absorbed, and the position to reach. Raises OwnerStuck.
    """
    started = time.monotonic()
    number = operator.call(f"{consumer}.open_generation", state="building")
    try:
        # only now: what live batches took before the opening must be in the history that is read
        absorbed = fill(operator, consumer, number, progress)
        missing = operator.call(f"{consumer}.missing_events", number=number)
        operator.call(f"{consumer}.switch_generation", number=number)
    except BaseException:
        operator.call(f"{consumer}.abandon_generation", number=number)
        raise
    while operator.call(f"{consumer}.drop_generations"):
        pass
    seconds = time.monotonic() - started
    return Rebuilt(number, absorbed, seconds, missing["count"], tuple(missing["event_ids"]))


def fill(operator: Operator, consumer: str, number: int, progress: Callable[[str, int, int], None]) -> int:
    """Absorb the history of every owner that the consumer listens to; gives how many events were new."""
    owners = dict.fromkeys(event_type.service for event_type in registry.subscriptions()[consumer])
    return sum(_absorb(operator, consumer, number, owner, progress) for owner in owners)


def _absorb(
    operator: Operator, consumer: str, number: int, owner: str, progress: Callable[[str, int, int], None]
) -> int:
    """Page by page; the next page is read while the one before is written."""
    end, last, absorbed = _end(operator, owner), 0, 0
    page = operator.ask(f"{owner}.history_page", after=0, limit=LARGEST_PAGE)
    while last < end:
        read = operator.wait(page)
        last = read["last"]
        page = operator.ask(f"{owner}.history_page", after=last, limit=LARGEST_PAGE)
        absorbed += operator.call(f"{consumer}.absorb", number=number, events=read["events"])
        progress(owner, last, end)
    operator.wait(page)
    return absorbed


def _end(operator: Operator, owner: str) -> int:
    position = operator.call(f"{owner}.history_recorded")
    until = time.monotonic() + PATIENCE
    while (end := operator.call(f"{owner}.history_end", position=position)) is None:
        if time.monotonic() > until:
            raise OwnerStuck
        time.sleep(PAUSE)
    return int(end)
