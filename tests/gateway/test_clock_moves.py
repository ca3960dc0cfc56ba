"""A move of the clock stops wherever something falls due, and whatever breaks it off is no harm."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from chassis import clock, jobs
from chassis.actor import SYSTEM
from chassis.errors import ServiceUnavailable
from chassis.jobs import Cancelled, Interrupted, Running
from chassis.tables import job
from chassis.tree import projected
from gateway.clock import work
from gateway.clock.rules import KIND, ORDER
from tests.gateway.harness import World

#: Business days.
START, SECOND, THIRD, LAST = "2024-02-28", "2024-02-29", "2024-03-04", "2024-03-31"


class Service:
    """What the move asks of a service: its day, and what falls due; handling that takes it a few looks."""

    def __init__(self) -> None:
        self.day: str | None = START
        self.due: list[str] = []
        self.failed = 0
        #: What happens when something falls due here, by its day.
        self.brings: dict[str, Callable[[], None]] = {}

    def next_due(self, after: str) -> str | None:
        return min((day for day in self.due if day > after), default=None)

    def set_clock(self, day: str | None) -> bool:
        self.day = day
        return any(self._has_come(due) for due in self.due)

    def is_settled(self) -> bool:
        come = [day for day in self.due if self._has_come(day)]
        self.due = [day for day in self.due if day not in come]
        for day in come:
            self.brings.pop(day, lambda: None)()
        return not come

    def failed_dues(self) -> int:
        return self.failed

    def _has_come(self, day: str) -> bool:
        return self.day is None or day <= self.day


class Federation:
    """All services, and the job that moves their clocks."""

    def __init__(self, world: World) -> None:
        self.database = world.database
        self.services = {name: Service() for name in ORDER}
        self.job_id = uuid4()
        #: What was asked that changes anything or tells of the wait for it, in order.
        self.asked: list[tuple[str, ...]] = []
        #: How many questions are answered before the gateway can ask no more.
        self.patience = 10_000

    def begin(self, day: str | None) -> None:
        """Queue a move, and take it."""
        row = {"id": self.job_id, "kind": KIND, "state": "running", "actor": SYSTEM.to_wire(), "holder": "a gateway"}
        with self.database.writer.begin() as connection:
            connection.execute(insert(job).values(request={"day": day}, **row))

    def go_on(self) -> Any:
        """Run the job from where it was left, as the next process does; gives its result."""
        row = self.row()
        running = Running(
            id=self.job_id,
            holder=row.holder,
            request=row.request,
            asked_by=row.actor,
            progress=row.progress,
            database=self.database,
            tree=projected(),
            file_key=bytes(16),
            ask=self.ask,
            stopping=lambda: False,
        )
        return jobs.KINDS[KIND](running)

    def move(self, day: str | None) -> Any:
        self.begin(day)
        return self.go_on()

    def ask(self, wire_name: str, **arguments: Any) -> Any:
        if not self.patience:
            raise ServiceUnavailable(wire_name)
        self.patience -= 1
        service, _, operation = wire_name.partition(".")
        if operation == "set_clock":
            self.asked.append((service, arguments["day"]))
        elif operation == "is_settled" and self.asked and self.asked[-1] != ("wait",):
            self.asked.append(("wait",))
        return getattr(self.services[service], operation)(**arguments)

    def cancel(self) -> None:
        with self.database.writer.begin() as connection:
            connection.execute(update(job).where(job.c.id == self.job_id).values(cancel_requested=True))

    def row(self) -> Any:
        with self.database.reader.connect() as connection:
            return connection.execute(select(job).where(job.c.id == self.job_id)).one()

    @property
    def days(self) -> set[str | None]:
        """Where the services and the gateway stand."""
        with self.database.reader.connect() as connection:
            day = clock.set_day(connection)
        return {day and day.isoformat(), *(service.day for service in self.services.values())}

    @property
    def stops(self) -> list[str | None]:
        """The days to which the last of the services was set."""
        return [day for service, *days in self.asked if service == ORDER[-1] for day in days]


@pytest.fixture
def federation(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Federation]:
    """On the first day, everywhere."""
    monkeypatch.setattr(work, "PAUSE", 0)
    federation = Federation(world)
    set_gateway(world, date.fromisoformat(START))
    yield federation
    set_gateway(world, None)
    with world.database.writer.begin() as connection:
        connection.execute(delete(job).where(job.c.id == federation.job_id))


def set_gateway(world: World, day: date | None) -> None:
    with world.database.writer.begin() as connection:
        clock.move(connection, day)


def all_at(day: str | None) -> list[tuple[str, ...]]:
    return [*((service, day) for service in ORDER), ("wait",)]


def test_a_clock_stops_on_each_day_on_which_something_falls_due_in_any_service(federation: Federation) -> None:
    federation.services["reporting"].due = [SECOND, THIRD]
    federation.services["welfare"].due = [THIRD, "2024-04-01"]

    assert federation.move(LAST) == {"day": LAST, "stops": 3, "failed": 0}
    assert (federation.stops, federation.days) == ([SECOND, THIRD, LAST], {LAST})


def test_without_anything_due_a_clock_goes_to_the_day_asked_at_once(federation: Federation) -> None:
    assert federation.move(LAST) == {"day": LAST, "stops": 1, "failed": 0}
    assert federation.asked == all_at(LAST)


def test_what_falls_due_in_a_service_is_done_before_the_next_one_has_the_day(federation: Federation) -> None:
    federation.services["welfare"].due = [SECOND]

    federation.move(SECOND)

    membership, welfare, *others = all_at(SECOND)
    assert federation.asked == [membership, welfare, ("wait",), *others]


def test_what_a_stop_makes_due_on_the_way_is_a_stop(federation: Federation) -> None:
    membership, events = federation.services["membership"], federation.services["events"]
    membership.due = [SECOND]
    membership.brings[SECOND] = lambda: events.due.append(THIRD)

    federation.move(LAST)

    assert federation.stops == [SECOND, THIRD, LAST]


def test_what_is_still_on_its_way_is_waited_for_before_the_first_stop(federation: Federation) -> None:
    membership, welfare = federation.services["membership"], federation.services["welfare"]
    membership.due = [START]
    membership.brings[START] = lambda: welfare.due.append(SECOND)

    federation.move(LAST)

    assert federation.stops == [SECOND, LAST]


@pytest.mark.parametrize("day", ["2024-02-01", START, None])
def test_a_clock_that_does_not_go_ahead_stops_nowhere(federation: Federation, day: str | None) -> None:
    federation.services["events"].due = [SECOND, THIRD]

    assert federation.move(day) == {"day": day, "stops": 1, "failed": 0}
    assert (federation.stops, federation.days) == ([day], {day})
    assert (federation.row().done, federation.row().total) == (1, 1)


def test_a_move_tells_how_much_failed_on_its_way(federation: Federation) -> None:
    federation.services["events"].failed, federation.services["welfare"].failed = 2, 1

    assert federation.move(LAST)["failed"] == 3


def test_a_move_shows_the_days_that_it_has_done(federation: Federation) -> None:
    welfare = federation.services["welfare"]
    welfare.due = [SECOND, THIRD]
    shown = []
    welfare.brings[THIRD] = lambda: shown.append((federation.row().done, federation.row().total))

    federation.move(LAST)

    assert shown == [(1, 32)]
    assert (federation.row().done, federation.row().total) == (32, 32)


@pytest.mark.parametrize("patience", range(0, 75, 3))
def test_a_move_that_was_broken_off_anywhere_goes_on_to_the_same_end(federation: Federation, patience: int) -> None:
    membership, welfare = federation.services["membership"], federation.services["welfare"]
    membership.due, welfare.due = [SECOND, THIRD], [THIRD]
    membership.brings[SECOND] = lambda: welfare.due.append("2024-03-02")
    federation.begin(LAST)
    federation.patience = patience
    with pytest.raises(ServiceUnavailable):
        federation.go_on()
    federation.patience = 10_000

    assert federation.go_on() == {"day": LAST, "stops": 4, "failed": 0}
    assert federation.days == {LAST}
    for service in ORDER:
        days = [day for name, *days in federation.asked if name == service for day in days]
        assert days == sorted(days)
        assert set(days) == {SECOND, "2024-03-02", THIRD, LAST}


def test_a_cancelled_move_ends_where_it_waits_and_the_next_one_reaches_everybody(federation: Federation) -> None:
    events = federation.services["events"]
    events.due = [SECOND, THIRD]
    events.brings[SECOND] = federation.cancel
    federation.begin(LAST)

    with pytest.raises(Cancelled):
        federation.go_on()
    assert events.due == [THIRD]

    with federation.database.writer.begin() as connection:
        connection.execute(delete(job))
    federation.job_id = uuid4()
    federation.move(LAST)
    assert (federation.days, events.due) == ({LAST}, [])


def test_a_move_that_another_process_has_taken_over_ends_here(federation: Federation) -> None:
    events = federation.services["events"]
    events.due, events.brings[SECOND] = [SECOND], lambda: take_over(federation)
    federation.begin(LAST)

    with pytest.raises(Interrupted):
        federation.go_on()

    assert LAST not in federation.days


def take_over(federation: Federation) -> None:
    with federation.database.writer.begin() as connection:
        connection.execute(update(job).where(job.c.id == federation.job_id).values(holder="another gateway"))
