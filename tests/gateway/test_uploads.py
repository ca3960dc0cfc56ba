"""A file is handed on while it comes in, and is refused before that where it is none that may be sent."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import EnvironBuilder, TestResponse

from chassis.errors import Refused, ServiceUnavailable
from chassis.files import CHUNK
from chassis.uploads import Piece
from contracts.declare import FILE_LIMIT
from contracts.files import CSV
from contracts.membership.imports import UploadMembers
from contracts.roles import Role
from gateway.engine.bodies import read_file
from gateway.engine.environment import HANG_UP
from tests.gateway.harness import World
from tests.gateway.test_bodies import Stream
from tests.gateway.test_errors import assert_problem

#: Two whole pieces and a byte.
BYTES = bytes(range(256)) * (2 * CHUNK // 256) + b"."
SENDER = uuid4()


@pytest.fixture
def open_world(engine: World) -> World:
    engine.services.otherwise = lambda payload, _: dict(payload)
    return engine


def send(world: World, stream: Stream, key: str = "key", role: Role = Role.IMPORTER, **environ: Any) -> TestResponse:
    """A file as the server hands it over; unless told otherwise it comes in chunks."""
    path = UploadMembers.operation.route.path
    built = {
        **EnvironBuilder(path, method="POST").get_environ(),
        "CONTENT_TYPE": CSV,
        "CONTENT_LENGTH": "",
        "HTTP_AUTHORIZATION": f"Bearer {world.token_of(role, account_id=SENDER)}",
        "HTTP_IDEMPOTENCY_KEY": key,
        "wsgi.input": stream,
        **environ,
    }
    if not built["CONTENT_LENGTH"]:
        built |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    return world.raw(built)


def pieces(world: World) -> list[Piece]:
    assert {service for service, _ in world.services.pieces} <= {"membership"}
    return [piece for _, piece in world.services.pieces]


@pytest.mark.parametrize("length", [str(len(BYTES)), ""])
def test_a_file_reaches_its_owner_in_pieces_and_is_then_named_to_it(open_world: World, length: str) -> None:
    answer = send(open_world, Stream(BYTES), CONTENT_LENGTH=length)

    assert answer.status_code == 201
    sent = pieces(open_world)
    assert [piece.number for piece in sent] == [0, 1, 2]
    assert b"".join(piece.data for piece in sent) == BYTES
    assert {len(piece.data) for piece in sent[:-1]} == {CHUNK}
    assert {(piece.owner_id, piece.media_type) for piece in sent} == {(SENDER, CSV)}
    digest = hashlib.sha256(BYTES).hexdigest()
    described = {"media_type": CSV, "pieces": 3, "size": len(BYTES), "sha256": digest}
    assert answer.json == {"file_id": str(sent[0].file_id), **described}


def file_id(world: World, **changes: Any) -> UUID:
    world.services.pieces.clear()
    assert send(world, Stream(b"."), **changes).status_code == 201
    return pieces(world)[0].file_id


def test_the_sender_and_the_key_name_the_file(open_world: World) -> None:
    first, again, another = file_id(open_world), file_id(open_world), file_id(open_world, key="another")
    strangers = {"HTTP_AUTHORIZATION": f"Bearer {open_world.token_of(Role.IMPORTER)}"}

    assert first == again
    assert len({first, another, file_id(open_world, **strangers)}) == 3


@pytest.mark.parametrize("media_type", ["", "application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_file_of_another_type_is_refused_unread(open_world: World, media_type: str) -> None:
    stream = Stream(BYTES)

    assert_problem(send(open_world, stream, CONTENT_TYPE=media_type), 415, "unsupported_media_type")
    assert (stream.taken, pieces(open_world)) == (0, [])


def test_the_type_may_name_its_charset(open_world: World) -> None:
    assert send(open_world, Stream(b"."), CONTENT_TYPE="Text/CSV; charset=gb18030").status_code == 201
    assert pieces(open_world)[0].media_type == CSV


def test_a_file_that_announces_too_much_is_refused_unread(open_world: World) -> None:
    stream = Stream(BYTES)

    assert_problem(send(open_world, stream, CONTENT_LENGTH=str(FILE_LIMIT + 1)), 413, "body_too_large")
    assert (stream.taken, pieces(open_world)) == (0, [])


def test_a_file_without_an_end_is_read_no_further_than_the_limit() -> None:
    stream = Stream(BYTES * 2)
    incoming = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": stream}

    with pytest.raises(Refused, match="body_too_large"):
        list(read_file(incoming, 2 * CHUNK, CHUNK))
    assert stream.taken == 2 * CHUNK + 1


@pytest.mark.parametrize("length", ["", "0"])
def test_an_empty_file_is_refused(open_world: World, length: str) -> None:
    assert_problem(send(open_world, Stream(b""), CONTENT_LENGTH=length), 422, "file_empty")
    assert (pieces(open_world), open_world.services.asked) == ([], [])


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [(ConnectionResetError(), 400, "body_broken"), (TimeoutError(), 408, "request_timeout")],
)
def test_of_a_file_that_breaks_off_only_whole_pieces_are_kept(
    open_world: World, failure: Exception, status: int, code: str
) -> None:
    hung_up: list[bool] = []

    answer = send(open_world, Stream(BYTES, failure), **{HANG_UP: lambda: hung_up.append(True)})

    assert_problem(answer, status, code)
    assert [len(piece.data) for piece in pieces(open_world)] == [CHUNK, CHUNK]
    assert (open_world.services.asked, hung_up) == ([], [True])


@pytest.mark.parametrize("missing", [1, CHUNK])
def test_a_file_shorter_than_announced_is_refused(open_world: World, missing: int) -> None:
    answer = send(open_world, Stream(BYTES), CONTENT_LENGTH=str(len(BYTES) + missing))

    assert_problem(answer, 400, "body_broken")
    assert [len(piece.data) for piece in pieces(open_world)] == [CHUNK, CHUNK]


def test_who_may_not_send_a_file_is_refused_unread(open_world: World) -> None:
    stream = Stream(BYTES)

    assert_problem(send(open_world, stream, role=Role.ANALYST), 403, "role_not_allowed")
    assert_problem(send(open_world, stream, HTTP_IDEMPOTENCY_KEY=""), 400, "idempotency_key_invalid")
    assert stream.taken == 0


def test_an_owner_that_is_away_takes_no_piece_and_the_client_hears_it(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise ServiceUnavailable("membership")

    monkeypatch.setattr(open_world.services, "put", away)
    stream = Stream(BYTES)

    assert_problem(send(open_world, stream), 503, "service_unavailable")
    assert stream.taken == CHUNK
