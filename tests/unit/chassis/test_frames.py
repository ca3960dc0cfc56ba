"""Frames and messages come out whole, however the socket cuts them."""

from collections.abc import Iterator
from struct import pack
from types import SimpleNamespace
from typing import Any

import amqp
import pytest
from amqp import spec
from hypothesis import given
from hypothesis import strategies as st

from chassis.frames import Arrived, Frame, Reader, assemble

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
FRAMES = st.lists(st.tuples(st.sampled_from([1, 2, 3, 8]), st.integers(0, 9), st.binary(max_size=50)), max_size=8)


def encoded(frame: Frame) -> bytes:
    kind, channel, payload = frame
    return pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


def bursts(stream: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The stream in pieces of these sizes, over and over, and then its end."""
    place = 0
    while place < len(stream):
        for size in sizes:
            yield stream[place : place + size]
            place += size
            if place >= len(stream):
                break
    yield b""


@given(FRAMES, st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_frames_come_out_as_they_were_sent_however_they_arrive(frames: list[Frame], sizes: list[int]) -> None:
    arriving = bursts(b"".join(map(encoded, frames)), sizes)
    reader = Reader(lambda _: next(arriving))

    assert [reader.frame() for _ in frames] == frames
    with pytest.raises(ConnectionResetError):
        reader.frame()


def test_a_frame_without_its_end_is_an_error() -> None:
    whole = encoded((1, 0, b"payload"))
    reader = Reader(lambda _: whole[:-1] + b"\x00")

    with pytest.raises(amqp.UnexpectedFrame):
        reader.frame()


class Connection:
    """Takes what is assembled."""

    def __init__(self) -> None:
        self.bytes_recv = 0
        self.delivered: list[tuple[int, Any, Any]] = []

    def deliver(self, channel: int, signature: Any, _: bytes, message: Any) -> None:
        self.delivered.append((channel, signature, message))


def signature(method: tuple[int, int]) -> bytes:
    return pack(">HH", *method)


def header(body: bytes, **properties: Any) -> bytes:
    properties_encoded: bytes = amqp.Message(body, **properties)._serialize_properties()
    return pack(">HHQ", 60, 0, len(body)) + properties_encoded


def parts(body: bytes, size: int) -> list[bytes]:
    return [body[place : place + size] for place in range(0, len(body), size)]


@given(st.binary(max_size=60), st.integers(1, 20), st.text(max_size=10))
def test_a_message_is_handed_on_when_its_last_part_is_there(body: bytes, size: int, message_id: str) -> None:
    connection = Connection()
    take = assemble(connection, connection.deliver)
    frames: list[Frame] = [
        (METHOD, 3, signature(spec.Basic.Deliver)),
        (HEADER, 3, header(body, message_id=message_id, application_headers={"x-deadline": 5})),
        *((BODY, 3, part) for part in parts(body, size)),
    ]

    handed_on = [take(frame) for frame in frames]

    assert handed_on == [False] * (len(frames) - 1) + [True]
    [(channel, method, message)] = connection.delivered
    assert (channel, method, bytes(message.body or b"")) == (3, spec.Basic.Deliver, body)
    assert message.properties["message_id"] == message_id
    assert message.properties["application_headers"] == {"x-deadline": 5}


def test_messages_on_two_channels_do_not_mix() -> None:
    connection = Connection()
    take = assemble(connection, connection.deliver)
    for channel, body in ((1, b"one"), (2, b"two")):
        take((METHOD, channel, signature(spec.Basic.Deliver)))
        take((HEADER, channel, header(body)))
    take((BODY, 2, b"two"))
    take((BODY, 1, b"one"))

    assert [(channel, bytes(message.body)) for channel, _, message in connection.delivered] == [
        (2, b"two"),
        (1, b"one"),
    ]


def test_a_heartbeat_counts_as_a_sign_of_life_and_nothing_else() -> None:
    connection = Connection()
    take = assemble(connection, connection.deliver)

    assert not take((HEARTBEAT, 0, b""))
    assert connection.bytes_recv == 1
    assert connection.delivered == []


def test_content_without_a_method_is_an_error() -> None:
    with pytest.raises(amqp.UnexpectedFrame):
        assemble(SimpleNamespace(bytes_recv=0), print)((BODY, 1, b"x"))


def test_a_message_that_is_written_keeps_its_properties() -> None:
    assert Arrived(b"x", message_id="7").properties["message_id"] == "7"
