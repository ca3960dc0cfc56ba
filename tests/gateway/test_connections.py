"""How long a client is waited for, whose connection is given up first, and how many there may be."""

import io
import resource

import pytest

from gateway import connections
from gateway.connections import Connections, Incoming


class Clock:
    """The time of the tests, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Dripping:
    """A client that sends `size` bytes each second, for ever."""

    def __init__(self, clock: Clock, size: int = 1) -> None:
        self._clock = clock
        self._size = size
        self.ended = False

    def settimeout(self, seconds: float) -> None:
        """Never needed: something always comes."""

    def recv_into(self, buffer: memoryview) -> int:
        self._clock.now += 1
        count = min(self._size, len(buffer))
        buffer[:count] = b"x" * count
        return count

    def shutdown(self, _: int) -> None:
        self.ended = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(connections, "monotonic", clock)
    return clock


def test_a_line_has_a_time_for_the_whole_of_it(clock: Clock) -> None:
    incoming = Incoming(Dripping(clock), Connections())
    incoming.begin(10)

    with pytest.raises(TimeoutError):
        io.BufferedReader(incoming).readline()
    assert incoming.received == 10


def test_who_sends_fast_enough_has_more_time(clock: Clock) -> None:
    incoming = Incoming(Dripping(clock, 1000), Connections())
    incoming.begin(10, rate=1000)

    assert len(io.BufferedReader(incoming).read(100_000)) == 100_000


def test_who_does_not_is_given_up_later_but_given_up(clock: Clock) -> None:
    incoming = Incoming(Dripping(clock, 500), Connections())
    incoming.begin(10, rate=1000)

    with pytest.raises(TimeoutError):
        io.BufferedReader(incoming).read(100_000)
    assert incoming.received == 10_000


def test_only_who_is_waited_for_is_given_up_and_the_longest_first(clock: Clock) -> None:
    table = Connections()
    clients = [Dripping(clock) for _ in range(4)]
    first, second, third, fourth = (Incoming(client, table) for client in clients)
    for incoming in (first, second, third, fourth):
        incoming.begin(10)
    first.rest()
    second.begin(10)

    table.give_up(1)
    assert [client.ended for client in clients] == [False, False, True, False]
    table.give_up()
    assert [client.ended for client in clients] == [False, True, True, True]


@pytest.mark.parametrize(
    ("soft", "hard", "after", "fit"), [(300, 1000, 1000, 800), (300, 5000, 2200, 2000), (210, 210, 210, 10)]
)
def test_as_many_connections_as_files_may_be_opened_beside_others(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, after: int, fit: int
) -> None:
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))

    assert connections.room() == fit
    assert limits[-1] == (after, hard)
