"""Moves the clock: service by service, each time waiting until nothing is on its way."""

import time
from datetime import date
from typing import Any

from chassis import clock
from chassis.jobs import Running, runs
from gateway.clock.rules import KIND, ORDER

#: Seconds between looks at a service that still publishes or handles events.
PAUSE = 0.1
#: Looks in a row that must find nothing.
TWICE = 2


@runs(KIND)
def move(running: Running) -> dict[str, Any]:
    """Set the day in each service in turn; setting it twice is harmless, so a crash needs no care."""
    day = running.request["day"]
    first = running.progress or 0
    for number, service in enumerate(ORDER):
        if number >= first:
            _ask(running, f"{service}.set_clock", day=day)
            _settle(running, number)
        running.report(number + 1, len(ORDER), number + 1)
    with running.database.writer.begin() as connection:
        clock.move(connection, day and date.fromisoformat(day))
    return {"day": day}


def _settle(running: Running, number: int) -> None:
    """Wait until every outbox and every queue of events is empty, seen twice: a batch may be between the two.

    Under a steady load that may be never; whoever cancels, or stops the process, need not wait for it.
    """
    seen = 0
    while seen < TWICE:
        if all(_ask(running, f"{service}.is_settled") for service in ORDER):
            seen += 1
        else:
            seen = 0
            time.sleep(PAUSE)
            running.report(number, len(ORDER), number)


def _ask(running: Running, wire_name: str, **arguments: Any) -> Any:
    assert running.ask is not None
    return running.ask(wire_name, **arguments)
