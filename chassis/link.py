"""One AMQP connection for many greenlets: one recv per burst, one send per turn of the loop, gone with the broker."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import amqp
import eventlet
from amqp import spec
from eventlet.event import Event
from eventlet.hubs import get_hub
from eventlet.semaphore import Semaphore

from chassis.connection import connection
from chassis.frames import Reader, assemble

#: Seconds for TCP connect and for the AMQP handshake: a frozen broker accepts connections and says nothing.
CONNECT_TIMEOUT = 5
#: Heartbeat checks in one interval.
_BEATS = 4

#: What a lost, refused or silent connection raises.
LOST = (OSError, amqp.AMQPError, eventlet.Timeout)


class Link:
    """A py-amqp connection with buffered reads, coalesced writes and one reading greenlet.

    Leans on a private attribute of amqp 5.4.2 (`transport._write`); a test names the version.
    """

    def __init__(self, uri: str, name: str, heartbeat: int) -> None:
        """Connect. Raises one of LOST."""
        self.blocked = False
        self.on_blocked: Callable[[], None] = _nothing
        self.amqp = connection(
            uri,
            name,
            heartbeat=heartbeat,
            connect_timeout=CONNECT_TIMEOUT,
            on_blocked=self._block,
            on_unblocked=self._unblock,
            frame_handler=assemble,
        )
        with eventlet.Timeout(CONNECT_TIMEOUT):
            self.amqp.connect()
        # kept, for py-amqp connects again when it is asked for the transport of a connection that is closed
        transport = self.amqp.transport
        self._socket = transport.sock
        self._send = transport._write
        self._out = bytearray()
        self._sending = Semaphore()
        self._scheduled = False
        self._over = False
        self._ended = Event()
        transport._write = self._write

    def channel(self) -> Any:
        """Open a channel; only before `read_until_lost` runs, which must be the connection's only reader."""
        with eventlet.Timeout(CONNECT_TIMEOUT):
            channel = self.amqp.channel()
        # bodies are parsed as bytes; decoding them would ask for the properties of each message
        channel.auto_decode = False
        return channel

    def read_until_lost(self) -> None:
        """Dispatch what arrives; raises one of LOST in the end, without letting another greenlet run first."""
        eventlet.spawn(self._beat)
        try:
            next_frame, take = Reader(self._socket.recv).frame, self.amqp.on_inbound_frame
            while self.amqp.connected:
                take(next_frame())
            raise amqp.RecoverableConnectionError("closed")
        finally:
            self._over = True
            self._ended.send(None)

    def flush(self) -> None:
        """Hand everything written so far to the kernel; waits when the broker pushes back."""
        # frames of two writers at a time would mix
        with self._sending:
            while self._out:
                out, self._out = self._out, bytearray()
                try:
                    self._send(out)
                except OSError:
                    self.cut()
                    break
            self._scheduled = False

    def part(self) -> None:
        """Have the broker take all that was written, and end; it may forget what a mere `cut` comes right after."""
        self.amqp.send_method(spec.Connection.Close, "BsBB", (0, "", 0, 0))
        self.flush()
        self._ended.wait()

    def cut(self) -> None:
        """End the connection without asking the broker; whoever reads it gets an error at once."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Free the socket of a connection that nobody reads any more."""
        self.cut()
        self.amqp.collect()

    def _write(self, frame: bytes) -> None:
        self._out += frame
        if not self._scheduled:
            self._scheduled = True
            get_hub().schedule_call_global(0, self._turn_ended)

    def _turn_ended(self) -> None:
        # runs in the hub, where nothing may block
        if self._out:
            eventlet.spawn_n(self.flush)
        else:
            self._scheduled = False

    def _beat(self) -> None:
        """Send heartbeats; a broker silent for two of them is gone, though the socket may stay open for ever."""
        while not self._over:
            try:
                self.amqp.heartbeat_tick()
            except LOST:
                self.cut()
                return
            eventlet.sleep(self.amqp.heartbeat / _BEATS)

    def _block(self, _: str) -> None:
        self.blocked = True
        self.on_blocked()

    def _unblock(self) -> None:
        self.blocked = False


def publish(channel: Any, exchange: str, key: str, body: bytes, *, mandatory: bool = True, **properties: Any) -> None:
    """basic.publish without py-amqp's read of the socket before every message."""
    send(channel, exchange, key, amqp.Message(body, **properties), mandatory=mandatory)


def send(channel: Any, exchange: str, key: str, message: Any, *, mandatory: bool) -> None:
    """As `publish`, for a message that is ready."""
    channel.send_method(spec.Basic.Publish, "Bssbb", (0, exchange, key, mandatory, False), message)


def ack(channel: Any, tag: int, multiple: bool = False) -> None:
    """basic.ack; coalesced with whatever else this turn of the loop writes."""
    channel.send_method(spec.Basic.Ack, "Lb", (tag, multiple))


def reject(channel: Any, tag: int) -> None:
    """basic.reject without requeue: the queue's dead-letter target takes the message."""
    channel.send_method(spec.Basic.Reject, "Lb", (tag, False))


def cancel(channel: Any, consumer_tag: str) -> None:
    """basic.cancel without waiting for its answer, which only the reading greenlet could take."""
    channel.send_method(spec.Basic.Cancel, "sb", (consumer_tag, True))


def _nothing() -> None:
    """Take no notice."""
