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

from chassis.frames import Arrived, Reader, assemble

Delivered = list[tuple[int, tuple[int, int], Any]]


def frame(kind: int, channel: int, payload: bytes) -> bytes:
    return pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


def message(body: bytes, piece: int, **properties: Any) -> bytes:
    """A delivery on channel 1: its method, its header, its body in frames of `piece` bytes."""
    header = pack(">HHQ", 60, 0, len(body)) + amqp.Message(body, **properties)._serialize_properties()
    bodies = b"".join(frame(3, 1, body[at : at + piece]) for at in range(0, len(body), piece))
    return frame(1, 1, pack(">HH", *spec.Basic.Deliver)) + frame(2, 1, header) + bodies


def read_all(stream: bytes, cuts: Iterator[int]) -> Delivered:
    """What is delivered when the socket gives the stream in pieces."""
    delivered: Delivered = []
    connection = SimpleNamespace(bytes_recv=0)
    take = assemble(connection, lambda channel, method, _, content: delivered.append((channel, method, content)))
    rest = bytearray(stream)

    def receive(_: int) -> bytes:
        piece = bytes(rest[: next(cuts)])
        del rest[: len(piece)]
        return piece

    reader = Reader(receive)
    while True:
        try:
            take(reader.frame())
        except ConnectionResetError:
            return delivered


@given(st.binary(max_size=600), st.integers(1, 300), st.lists(st.integers(1, 90), min_size=1))
def test_a_message_is_whole_however_it_was_cut(body: bytes, piece: int, cuts: list[int]) -> None:
    heartbeat = frame(8, 0, b"")
    sizes = (cuts[at % len(cuts)] for at in range(10_000))

    delivered = read_all(heartbeat + message(body, piece, message_id="m", type="t") * 2 + heartbeat, sizes)

    assert [(channel, method) for channel, method, _ in delivered] == [(1, spec.Basic.Deliver)] * 2
    assert [content.body or b"" for _, _, content in delivered if body] == [body] * (2 if body else 0)
    assert [content.properties for *_, content in delivered] == [{"message_id": "m", "type": "t"}] * 2


def test_a_method_without_content_is_handed_on_alone() -> None:
    delivered = read_all(frame(1, 3, pack(">HH", *spec.Basic.Ack) + b"rest"), iter([999, 0]))

    assert delivered == [(3, spec.Basic.Ack, None)]


def test_properties_that_nobody_asks_for_are_not_decoded() -> None:
    arrived = Arrived()
    arrived.inbound_header(pack(">HHQ", 60, 0, 3) + b"no properties at all")

    assert not arrived.ready


@pytest.mark.parametrize(
    "broken", [frame(2, 1, b"header without a method"), frame(1, 1, b"\0\0\0\0")[:-1] + b"\0"], ids=["content", "end"]
)
def test_a_stream_that_is_not_amqp_ends_the_connection(broken: bytes) -> None:
    with pytest.raises(amqp.UnexpectedFrame):
        read_all(broken, iter([999, 0]))


def test_a_frame_is_its_kind_its_channel_and_its_payload() -> None:
    pieces = iter([frame(3, 7, b"payload")])

    assert Reader(lambda _: next(pieces)).frame() == (3, 7, b"payload")
