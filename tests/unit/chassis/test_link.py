"""What one connection promises to the many that write to it."""

from types import SimpleNamespace
from typing import Any

import amqp
import eventlet
import pytest
from eventlet.event import Event
from eventlet.semaphore import Semaphore

from chassis.link import Link


def link_of(connection: Any, **parts: Any) -> Link:
    """A link around a connection that the test plays."""
    link = object.__new__(Link)
    usual = {"amqp": connection, "_over": False, "_ended": Event(), "_sending": Semaphore(), "_out": bytearray()}
    silent = SimpleNamespace(shutdown=lambda _: None, recv=lambda _: b"")
    vars(link).update(usual | {"_scheduled": False, "_socket": silent} | parts)
    return link


def a_heartbeat(_: int) -> bytes:
    eventlet.sleep(0)
    return b"\x08\0\0\0\0\0\0\xce"


def test_nobody_runs_between_the_loss_of_a_link_and_its_owner_s_hearing_of_it() -> None:
    """A write in between would be an error of its writer, and end a worker or a loop.

    Killing the greenlet that beats, for one, lets others run first.
    """
    turns: list[None] = []
    at_the_loss: list[int] = []

    def others() -> None:
        while True:
            turns.append(None)
            eventlet.sleep(0)

    def take(_: Any) -> None:
        at_the_loss.append(len(turns))
        raise amqp.ConnectionForced("the broker stops")

    connection = SimpleNamespace(connected=True, heartbeat=60, heartbeat_tick=lambda: None, on_inbound_frame=take)
    writer = eventlet.spawn(others)
    with pytest.raises(amqp.ConnectionForced):
        link_of(connection, _socket=SimpleNamespace(recv=a_heartbeat)).read_until_lost()

    assert at_the_loss == [len(turns)]
    writer.kill()


def test_a_connection_that_was_closed_is_not_read_again() -> None:
    """py-amqp connects anew when a closed connection is read."""
    connection = SimpleNamespace(connected=False, heartbeat=60, heartbeat_tick=lambda: None, on_inbound_frame=None)

    with pytest.raises(amqp.AMQPError):
        link_of(connection).read_until_lost()


def test_frames_of_two_writers_do_not_mix_though_the_kernel_takes_them_slowly() -> None:
    sent: list[bytes] = []

    def send_slowly(data: bytes) -> None:
        for byte in bytes(data):
            sent.append(bytes([byte]))
            eventlet.sleep(0)

    link = link_of(None, _send=send_slowly)
    link._write(b"first")
    first = eventlet.spawn(link.flush)
    eventlet.sleep(0)
    link._write(b"second")
    second = eventlet.spawn(link.flush)
    first.wait()
    second.wait()

    assert b"".join(sent) == b"firstsecond"


def test_what_is_written_in_one_turn_is_sent_at_once() -> None:
    sent: list[bytes] = []
    link = link_of(None, _send=lambda data: sent.append(bytes(data)))

    link._write(b"one ")
    link._write(b"two")
    eventlet.sleep(0)
    eventlet.sleep(0)

    assert sent == [b"one two"]


def test_a_write_that_fails_cuts_the_link() -> None:
    cut: list[int] = []

    def refuse(_: bytes) -> None:
        raise BrokenPipeError

    link = link_of(None, _send=refuse, _socket=SimpleNamespace(shutdown=cut.append))
    link._write(b"x")
    link.flush()

    assert len(cut) == 1
