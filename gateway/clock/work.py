"""Moves the clock: from one day on which something falls due to the next, each time waiting for what it causes."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from chassis import clock
from chassis.jobs import Running, runs
from gateway.clock.rules import KIND, ORDER

#: Seconds between looks at a service that still has something to do.
PAUSE = 0.1
#: Looks in a row that must find nothing.
TWICE = 2


@dataclass(slots=True)
class Way:
    """How far a move is, as its job keeps it; days in ISO 8601, which sort as text."""

    #: The business day on which the move began, and the last one that every service has reached.
    start: str
    reached: str
    #: The day that the services are being set to; None for machine time, and where none was chosen yet.
    stop: str | None = None
    #: How many days were chosen.
    stops: int = 0


@runs(KIND)
def move(running: Running) -> dict[str, Any]:
    """Go from stop to stop to the day asked, or straight to one that is not ahead, or to machine time.

    A stop is kept before the first service is set to it, and setting a day twice is harmless: a crash needs no care.
    """
    asked: str | None = running.request["day"]
    way = Way(**running.progress) if running.progress else _beginning(running)
    if asked is None or asked <= way.start:
        way.stop, way.stops = asked, 1
        _reach(running, way)
    else:
        _walk(running, way, asked)
    total = _total(running, way)
    running.report(total, total, asdict(way))
    return {"day": asked, "stops": way.stops, "failed": sum(_ask_all(running, "failed_dues"))}


def _beginning(running: Running) -> Way:
    """From the gateway's day on: it is the last to reach a stop, so that no move forward has left anybody behind it."""
    with running.database.reader.connect() as connection:
        today = clock.business_moment(clock.set_day(connection)).date().isoformat()
    return Way(today, today)


def _walk(running: Running, way: Way, asked: str) -> None:
    # what is on its way from before may make something due before the day asked
    _settle(running, way)
    while way.reached < asked:
        if way.stop is None or way.stop <= way.reached:
            way.stop = min([asked, *filter(None, _ask_all(running, "next_due", after=way.reached))])
            way.stops += 1
        _report(running, way)
        _reach(running, way)
        way.reached = way.stop


def _reach(running: Running, way: Way) -> None:
    """Set the day in each service in turn: the next one knows by then what the day brought to those before."""
    is_any_due = False
    for service in ORDER:
        if is_any_due:
            _settle(running, way)
        is_any_due = _ask(running, f"{service}.set_clock", day=way.stop)
    _settle(running, way)
    with running.database.writer.begin() as connection:
        clock.move(connection, None if way.stop is None else date.fromisoformat(way.stop))


def _settle(running: Running, way: Way) -> None:
    """Wait until what is due is done and every outbox and queue of events is empty, seen twice: a batch may be between.

    Under a steady load that may be never; whoever cancels, or stops the process, need not wait for it.
    """
    seen = 0
    while seen < TWICE:
        if all(_ask_all(running, "is_settled")):
            seen += 1
        else:
            seen = 0
            time.sleep(PAUSE)
            _report(running, way)


def _report(running: Running, way: Way) -> None:
    running.report(_days(way.start, way.reached), _total(running, way), asdict(way))


def _total(running: Running, way: Way) -> int:
    """Days to go. To go back, or to follow machine time, counts as one."""
    asked = running.request["day"]
    return 1 if asked is None or asked <= way.start else _days(way.start, asked)


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _ask_all(running: Running, operation: str, **arguments: Any) -> Iterator[Any]:
    """The answers of the services in turn; who has heard enough asks no further."""
    return (_ask(running, f"{service}.{operation}", **arguments) for service in ORDER)


def _ask(running: Running, wire_name: str, **arguments: Any) -> Any:
    assert running.ask is not None
    return running.ask(wire_name, **arguments)
