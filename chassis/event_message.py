"""An event as the broker carries it, its properties written by hand: a relay spends most of its time on them."""

from collections.abc import Mapping
from struct import Struct

from chassis.connection import PERSISTENT

#: Which properties follow, as bits in the order of AMQP 0-9-1: content type and encoding, headers, delivery mode,
#: message id, type, application id.
_FLAGS = (1 << 15) | (1 << 14) | (1 << 13) | (1 << 12) | (1 << 7) | (1 << 5) | (1 << 3)
_SHORT, _LONG = Struct(">H"), Struct(">I")
_STRING = b"S"
#: Bytes that a short string can have.
_LONGEST = 255


class EventMessage:
    """What py-amqp's frame writer asks of a message: a body, and its properties encoded."""

    __slots__ = ("_properties", "body")

    def __init__(self, body: bytes, message_id: str, event_type: str, app_id: str, headers: Mapping[str, str]) -> None:
        """A persistent JSON message. Raises ValueError where a name is longer than AMQP allows."""
        self.body = body
        self._properties = b"".join(
            (
                _SHORT.pack(_FLAGS),
                _short("application/json"),
                _short("utf-8"),
                _table(headers),
                bytes((PERSISTENT,)),
                _short(message_id),
                _short(event_type),
                _short(app_id),
            )
        )

    def _serialize_properties(self) -> bytes:
        return self._properties


def _short(text: str) -> bytes:
    encoded = text.encode()
    if len(encoded) > _LONGEST:
        raise ValueError("too long for a short string")
    return bytes((len(encoded),)) + encoded


def _table(headers: Mapping[str, str]) -> bytes:
    pieces: list[bytes] = []
    for name, value in headers.items():
        encoded = value.encode()
        pieces += (_short(name), _STRING, _LONG.pack(len(encoded)), encoded)
    entries = b"".join(pieces)
    return _LONG.pack(len(entries)) + entries
