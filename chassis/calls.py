"""Asks services over RPC: one link, one sweep for all deadlines, and an answer at once when nobody is there."""

import time
from base64 import b64decode
from collections.abc import Mapping
from itertools import count
from typing import Any

import eventlet
import orjson
from eventlet.event import Event

from chassis.actor import SYSTEM
from chassis.circuit import Circuit
from chassis.commands import Call
from chassis.errors import DeadlineExceeded, ServiceUnavailable
from chassis.link import Link, publish
from chassis.linked import Linked
from chassis.topology_names import RPC_EXCHANGE
from chassis.uploads import Piece
from chassis.wire import REPLY_TO, arguments_body, request_body, request_headers, request_properties, result_of
from contracts.declare import COMMAND_DEADLINE, Operation

#: Seconds between sweeps for passed deadlines.
SWEEP = 0.1


class _Waiter:
    __slots__ = ("answer", "deadline", "service")

    def __init__(self, service: str, deadline: float) -> None:
        self.service, self.deadline, self.answer = service, deadline, Event()


class Calls:
    """The asking side of RPC. Requests are transient and unconfirmed: the idempotency key makes them safe to repeat."""

    def __init__(self, uri: str, name: str, heartbeat: int) -> None:
        self._linked = Linked(uri, f"{name}.calls", heartbeat, self._up, self._lost)
        self._channel: Any = None
        self._ids = count(1)
        self._waiting: dict[str, _Waiter] = {}
        self._circuits: dict[str, Circuit] = {}

    @property
    def ready(self) -> bool:
        """Whether requests can be sent now."""
        link = self._linked.link
        return link is not None and not link.blocked

    def start(self, spawn: Any) -> None:
        """Begin to connect; `spawn` starts a loop that lives as long as the process."""
        spawn(self._linked.run)
        spawn(self._sweep)

    def stop(self) -> None:
        """End the link; whoever still waits hears it."""
        self._linked.stop()

    def call(self, operation: Operation, payload: Mapping[str, Any], call: Call) -> Any:
        """Ask and wait. Raises Refused, ServiceUnavailable, DeadlineExceeded or RemoteFailure."""
        return self.ask(operation.wire_name, request_body(payload, call), request_headers(call), operation.deadline)

    def operate(self, wire_name: str, **arguments: Any) -> Any:
        """Ask for an operation of the chassis, as the system."""
        return self.ask(wire_name, arguments_body(arguments), request_headers(Call(SYSTEM)), COMMAND_DEADLINE)

    def chunk(self, service: str, file_id: str, number: int) -> bytes:
        """One piece of a file that a service hands out."""
        return b64decode(self.operate(f"{service}.get_chunk", file_id=file_id, number=number))

    def put(self, service: str, piece: Piece) -> None:
        """Hand over one piece of a file that somebody sends. Raises what `call` raises."""
        self.operate(f"{service}.put_chunk", piece=piece.to_wire())

    def ask(self, wire_name: str, body: bytes, headers: Mapping[str, Any], seconds: float) -> Any:
        """As `call`, for any RPC method."""
        service = wire_name.partition(".")[0]
        if not self.ready:
            raise ServiceUnavailable("broker")
        circuit = self._circuits.setdefault(service, Circuit())
        if not circuit.lets_through(time.monotonic()):
            raise ServiceUnavailable(service)
        waiter = _Waiter(service, time.monotonic() + seconds)
        correlation_id = str(next(self._ids))
        self._waiting[correlation_id] = waiter
        properties = request_properties(correlation_id, headers, seconds)
        publish(self._channel, RPC_EXCHANGE, wire_name, body, mandatory=True, **properties)
        reply = waiter.answer.wait()
        circuit.answered()
        return result_of(reply)

    def _up(self, link: Link) -> None:
        channel = link.channel()
        channel.events["basic_return"].add(self._returned)
        channel.basic_consume(REPLY_TO, no_ack=True, callback=self._replied)
        link.on_blocked = self._lost
        self._channel = channel

    def _lost(self) -> None:
        """The link is gone or the broker takes nothing: what was asked may or may not be done."""
        waiting, self._waiting = self._waiting, {}
        for waiter in waiting.values():
            waiter.answer.send_exception(DeadlineExceeded("broker"))

    def _replied(self, message: Any) -> None:
        waiter = self._waiting.pop(message.properties.get("correlation_id"), None)
        if waiter is not None:
            waiter.answer.send(orjson.loads(message.body))

    def _returned(self, _: Exception, __: str, ___: str, message: Any) -> None:
        waiter = self._waiting.pop(message.properties.get("correlation_id"), None)
        if waiter is not None:
            waiter.answer.send_exception(ServiceUnavailable(waiter.service))

    def _sweep(self) -> None:
        while True:
            eventlet.sleep(SWEEP)
            now = time.monotonic()
            for correlation_id, waiter in list(self._waiting.items()):
                if waiter.deadline < now and self._waiting.pop(correlation_id, None) is not None:
                    self._circuits[waiter.service].missed(now)
                    waiter.answer.send_exception(DeadlineExceeded(waiter.service))
