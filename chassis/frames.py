"""Cuts what the broker sends into frames and messages, decoding only what somebody asks for."""

from collections.abc import Callable
from struct import Struct
from typing import Any

import amqp
from amqp import spec
from amqp.serialization import decode_properties_basic

#: Bytes asked of the socket at a time.
READ_SIZE = 65536
#: Kinds of frames (AMQP 0-9-1, 2.3.5).
_METHOD, _HEADER, _BODY, _HEARTBEAT = 1, 2, 3, 8
#: Last byte of every frame.
_END = 0xCE
_FRAME, _SIGNATURE = Struct(">BHI"), Struct(">HH")
#: Methods that a message follows.
_CARRIERS = frozenset((spec.Basic.Deliver, spec.Basic.Return, spec.Basic.GetOk))
#: Bytes of a content header before its properties: class, weight, size of the body.
_BEFORE_PROPERTIES = 12

Frame = tuple[int, int, bytes]


class Reader:
    """Gives frames one by one from what the socket gives in bursts."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._burst = b""
        self._place = 0

    def frame(self) -> Frame:
        """The next frame: kind, channel, payload. Raises OSError at the end of the connection."""
        self._have(_FRAME.size)
        kind, channel, size = _FRAME.unpack_from(self._burst, self._place)
        self._have(_FRAME.size + size + 1)
        start = self._place + _FRAME.size
        end = start + size
        if self._burst[end] != _END:
            raise amqp.UnexpectedFrame("frame without its end")
        self._place = end + 1
        return kind, channel, self._burst[start:end]

    def _have(self, size: int) -> None:
        while len(self._burst) - self._place < size:
            more = self._receive(READ_SIZE)
            if not more:
                raise ConnectionResetError("the broker closed the connection")
            self._burst, self._place = self._burst[self._place :] + more, 0


class Arrived(amqp.Message):
    """A message whose properties stay encoded until somebody asks: of events that go well, nobody does."""

    _encoded: bytes | None = None
    _decoded: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        """Properties by name, as py-amqp has them."""
        if self._encoded is not None:
            self._decoded, _ = decode_properties_basic(self._encoded, _BEFORE_PROPERTIES)
            self._encoded = None
        return self._decoded

    @properties.setter
    def properties(self, properties: dict[str, Any]) -> None:
        self._decoded = properties

    def _load_properties(self, _class_id: int, buf: bytes, _offset: int) -> int:
        self._encoded = buf
        return len(buf)


def assemble(connection: Any, deliver: Callable[..., Any]) -> Callable[[Frame], bool]:
    """The `frame_handler` of py-amqp's connection: hands on methods, with their message where one follows."""
    unfinished: dict[int, Arrived] = {}

    def take(frame: Frame) -> bool:
        kind, channel, payload = frame
        connection.bytes_recv += 1
        if kind == _HEARTBEAT:
            return False
        if kind == _METHOD:
            signature = _SIGNATURE.unpack_from(payload)
            if signature not in _CARRIERS:
                deliver(channel, signature, payload, None)
                return True
            unfinished[channel] = Arrived(frame_method=signature, frame_args=payload)
            return False
        message = unfinished.get(channel)
        if message is None:
            raise amqp.UnexpectedFrame("content without its method")
        if kind == _HEADER:
            message.inbound_header(payload)
        else:
            message.inbound_body(payload)
        if not message.ready:
            return False
        del unfinished[channel]
        deliver(channel, message.frame_method, message.frame_args, message)
        return True

    return take
