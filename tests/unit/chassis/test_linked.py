"""A link that its owner can rely on to return."""

from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from chassis import linked
from chassis.linked import Linked


class FakeLink:
    """A connection that lives until the test cuts it."""

    made: list["FakeLink"]

    def __init__(self, *_: Any) -> None:
        self.made.append(self)
        self._lost = Event()
        self.parted = self.closed = False

    def read_until_lost(self) -> None:
        self._lost.wait()

    def part(self) -> None:
        self.parted = True
        self.cut()

    def cut(self) -> None:
        if not self._lost.ready():
            self._lost.send_exception(OSError)

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeLink.made = []
    monkeypatch.setattr(linked, "Link", FakeLink)
    monkeypatch.setattr(linked, "FIRST_PAUSE", 0.001)


@pytest.fixture
def run() -> Iterator[Callable[..., Linked]]:
    """Starts a link of the given owner, and ends it after the test."""
    running = []

    def start(up: Callable[[Any], None], down: Callable[[], None] = lambda: None) -> Linked:
        one = Linked("amqp://", "test", 1, up, down)
        running.append((one, eventlet.spawn(one.run)))
        return one

    yield start
    for one, greenlet in running:
        one.stop()
        greenlet.kill()


def turn_until(condition: Callable[[], object]) -> None:
    with eventlet.Timeout(10):
        while not condition():
            eventlet.sleep(0.001)


def test_a_lost_link_is_made_again_and_its_owner_hears_of_both(run: Callable[..., Linked]) -> None:
    told: list[str] = []
    one = run(lambda _: told.append("up"), lambda: told.append("down"))
    turn_until(lambda: one.connected)

    FakeLink.made[0].cut()

    turn_until(lambda: told == ["up", "down", "up"])
    assert FakeLink.made[0].closed


def test_a_broker_that_falls_silent_while_its_owner_declares_is_left(
    run: Callable[..., Linked], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heartbeats are not watched yet; without the time limit around `up` this link would never be tried again."""
    monkeypatch.setattr(linked, "CONNECT_TIMEOUT", 0.001)
    told: list[str] = []

    def declare(_: Any) -> None:
        if len(FakeLink.made) == 1:
            Event().wait()

    one = run(declare, lambda: told.append("down"))

    turn_until(lambda: one.connected)
    assert len(FakeLink.made) == 2
    assert FakeLink.made[0].closed
    assert told == []


def test_a_stopped_link_is_ended_in_form_and_does_not_come_back(run: Callable[..., Linked]) -> None:
    one = run(lambda _: None)
    turn_until(lambda: one.connected)

    one.stop()

    turn_until(lambda: not one.connected)
    assert FakeLink.made[0].parted
    eventlet.sleep(0.01)
    assert len(FakeLink.made) == 1
