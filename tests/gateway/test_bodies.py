"""Bodies that are too long, too short, or not what they say."""

import io
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, TestResponse

from contracts.declare import JSON_LIMIT, PUBLIC_LIMIT
from contracts.roles import Role
from gateway.engine import bodies
from gateway.engine.bodies import MOST_VALUES
from gateway.engine.environment import HANG_UP
from tests.gateway.harness import World
from tests.gateway.test_errors import UNION, assert_problem

GOOD = b'{"approved_on": "2024-03-08"}'
PADDED = GOOD + b" " * (JSON_LIMIT - len(GOOD))


class Stream(io.BytesIO):
    """Remembers how much was read, and may fail at the end."""

    def __init__(self, data: bytes, failure: Exception | None = None) -> None:
        super().__init__(data)
        self.taken = 0
        self._failure = failure

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        if not piece and self._failure is not None:
            raise self._failure
        return piece


@pytest.fixture
def open_world(engine: World) -> World:
    engine.services.otherwise = lambda *_: {}
    return engine


def send(world: World, stream: io.BytesIO, **environ: Any) -> TestResponse:
    """A request as the server hands it over, with framing headers that may lie."""
    builder = EnvironBuilder(f"{UNION}/approve", method="POST")
    built = {
        **builder.get_environ(),
        "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": f"Bearer {world.token_of(Role.HIGHER_UNION)}",
        "HTTP_IDEMPOTENCY_KEY": "key",
        "wsgi.input": stream,
        **environ,
    }
    return world.raw(built)


def announced(world: World, body: bytes, length: str | None = None, **environ: Any) -> TestResponse:
    return send(world, Stream(body), CONTENT_LENGTH=length or str(len(body)), **environ)


def chunked(world: World, stream: io.BytesIO) -> TestResponse:
    environ = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    return send(world, stream, **environ)


def test_a_body_is_read_however_it_is_framed(open_world: World) -> None:
    assert announced(open_world, GOOD).status_code == 200
    assert chunked(open_world, Stream(GOOD)).status_code == 200


def test_a_body_at_the_limit_is_read(open_world: World) -> None:
    assert announced(open_world, PADDED).status_code == 200
    assert chunked(open_world, Stream(PADDED)).status_code == 200


def test_a_body_that_announces_too_much_is_refused_unread(open_world: World) -> None:
    stream = Stream(b"x" * 5 * JSON_LIMIT)
    answer = send(open_world, stream, CONTENT_LENGTH=str(5 * JSON_LIMIT))

    assert_problem(answer, 413, "body_too_large")
    assert stream.taken == 0


def test_an_endless_number_is_too_large(open_world: World) -> None:
    assert_problem(announced(open_world, GOOD, "9" * 5000), 413, "body_too_large")


def test_a_chunked_body_is_read_no_further_than_the_limit(open_world: World) -> None:
    stream = Stream(b" " * 5 * JSON_LIMIT)

    assert_problem(chunked(open_world, stream), 413, "body_too_large")
    assert stream.taken == JSON_LIMIT + 1


def test_no_more_is_read_than_was_announced(open_world: World) -> None:
    stream = Stream(GOOD + b"GET /v1/me HTTP/1.1")

    assert send(open_world, stream, CONTENT_LENGTH=str(len(GOOD))).status_code == 200
    assert stream.taken == len(GOOD)


def test_a_body_that_ends_early_is_refused(open_world: World) -> None:
    assert_problem(announced(open_world, GOOD, str(len(GOOD) + 1)), 400, "body_broken")


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (ConnectionResetError(), 400, "body_broken"),
        (ValueError("chunk without a length"), 400, "body_broken"),
        (TimeoutError(), 408, "request_timeout"),
    ],
)
def test_a_body_that_never_comes_is_refused(open_world: World, failure: Exception, status: int, code: str) -> None:
    assert_problem(chunked(open_world, Stream(GOOD, failure)), status, code)


@pytest.mark.parametrize(
    "environ",
    [
        {"CONTENT_LENGTH": "+5"},
        {"CONTENT_LENGTH": "-5"},
        {"CONTENT_LENGTH": "1_0"},
        {"CONTENT_LENGTH": "five"},
        {"CONTENT_LENGTH": "\u0665"},
        {"CONTENT_LENGTH": "5", "HTTP_TRANSFER_ENCODING": "chunked"},
        {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "gzip, chunked"},
        {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "SERVER_PROTOCOL": "HTTP/1.0"},
        {"CONTENT_LENGTH": "5, 60", "PATH_INFO": "/" + "a" * 9000},
    ],
)
def test_where_nobody_can_tell_the_end_the_connection_ends(open_world: World, environ: dict[str, str]) -> None:
    hung_up: list[bool] = []
    answer = send(open_world, Stream(GOOD), **{HANG_UP: lambda: hung_up.append(True), **environ})

    assert_problem(answer, 400, "body_broken")
    assert hung_up == [True]


@pytest.mark.parametrize(
    "body", [b"{", b"{'a': 1}", b'{"a": NaN}', b'{"a": "\xff"}', b'{"a": "\\ud800"}', b"[" * 10_000, b"\x00", b" "]
)
def test_a_body_that_is_no_json_is_refused(open_world: World, body: bytes) -> None:
    assert_problem(announced(open_world, body), 400, "malformed_json")


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_a_body_of_another_type_is_refused(open_world: World, media_type: str) -> None:
    assert_problem(announced(open_world, GOOD, CONTENT_TYPE=media_type), 415, "unsupported_media_type")


def test_the_type_may_name_its_charset(open_world: World) -> None:
    assert announced(open_world, GOOD, CONTENT_TYPE="Application/JSON; charset=utf-8").status_code == 200


def test_a_body_on_its_way_takes_no_place(open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.engine.application.MOST_AT_ONCE", 1)
    meanwhile: list[int] = []

    class Slow(Stream):
        def read(self, size: int | None = -1) -> bytes:
            meanwhile.append(announced(open_world, GOOD).status_code)
            return super().read(size)

    assert chunked(open_world, Slow(GOOD)).status_code == 200
    assert set(meanwhile) == {200}


def test_large_bodies_are_put_off_where_too_much_is_on_its_way_and_small_ones_are_not(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = bodies.Room(JSON_LIMIT)
    monkeypatch.setattr(bodies, "_ROOM", room)
    answers: list[TestResponse] = []

    class Last(Stream):
        def read(self, size: int | None = -1) -> bytes:
            if self.taken == len(PADDED) and not answers:
                answers.append(announced(open_world, PADDED[: 2 * PUBLIC_LIMIT]))
                answers.append(announced(open_world, GOOD))
            return super().read(size)

    assert chunked(open_world, Last(PADDED)).status_code == 200
    assert_problem(answers[0], 503, "service_unavailable")
    assert answers[1].status_code == 200
    assert announced(open_world, PADDED).status_code == 200


def test_a_command_without_fields_needs_no_body(open_world: World) -> None:
    token = open_world.token_of(Role.OFFICER)
    answer = open_world.post(f"/v1/activities/{UNION[-36:]}/submit", None, token)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions/refresh"])
def test_whoever_is_not_known_may_send_little(open_world: World, path: str) -> None:
    answer = open_world.client.post(path, data=b" " * (PUBLIC_LIMIT + 1), content_type="application/json")

    assert_problem(answer, 413, "body_too_large")


def test_the_longest_name_and_password_fit_into_that(open_world: World) -> None:
    longest = {"username": "\U0001d54f" * 100, "password": "\U0001d54f" * 1024}  # twelve bytes each, escaped
    answer = open_world.client.post("/v1/sessions", json=longest)

    assert_problem(answer, 401, "invalid_credentials")


@pytest.mark.parametrize("value", [b"0,", b"{}, ", b"[[[[]]]],"])
def test_a_body_of_too_many_values_is_refused_before_any_is_made(open_world: World, value: bytes) -> None:
    body = b'{"approved_on": [' + value * MOST_VALUES + b"0]}"

    assert_problem(announced(open_world, body), 413, "body_too_large")
