"""The HTTP server itself, spoken to byte by byte."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any

import pytest

from contracts.declare import JSON_LIMIT
from contracts.roles import Role
from tests.gateway.harness import World
from tests.gateway.test_errors import UNION

GOOD = b'{"approved_on": "2024-03-08"}'


@pytest.fixture(scope="module")
def port(shared: World) -> Iterator[int]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.gateway.serving", shared.database.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


class Client:
    """One connection."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._token = token

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *headers: str, body: bytes = b"", request: str = f"POST {UNION}/approve HTTP/1.1") -> None:
        fixed = (
            "Host: test",
            "Content-Type: application/json",
            f"Authorization: Bearer {self._token}",
            "Idempotency-Key: key",
        )
        self._socket.sendall("\r\n".join((request, *fixed, *headers, "", "")).encode() + body)

    def more(self, data: bytes) -> None:
        self._socket.sendall(data)

    def end(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self) -> tuple[int, Any]:
        response = HTTPResponse(self._socket)
        response.begin()
        body = response.read()
        is_problem_or_reply = "json" in response.headers.get("Content-Type", "")
        return response.status, json.loads(body) if is_problem_or_reply else None

    def is_closed(self) -> bool:
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True


@pytest.fixture
def client(port: int, engine: World) -> Iterator[Client]:
    with Client(port, engine.token_of(Role.HIGHER_UNION)) as client:
        yield client


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def announced(body: bytes) -> str:
    return f"Content-Length: {len(body)}"


def test_one_connection_serves_many_requests(client: Client) -> None:
    for _ in range(3):
        client.send(announced(GOOD), body=GOOD)
        assert client.answer() == (200, {"union_id": UNION[-36:], "approved_on": "2024-03-08"})


def test_a_body_in_chunks_is_put_together(client: Client) -> None:
    body = b"".join(chunk(GOOD[start : start + 7]) for start in range(0, len(GOOD), 7)) + chunk(b"")
    client.send("Transfer-Encoding: chunked", body=body)

    assert client.answer()[0] == 200


def test_five_megabytes_are_refused_and_the_connection_goes_on(client: Client) -> None:
    body = b" " * 5 * JSON_LIMIT
    client.send(announced(body), body=body)
    status, problem = client.answer()
    assert (status, problem["code"]) == (413, "body_too_large")

    client.send(announced(GOOD), body=GOOD)
    assert client.answer()[0] == 200


def test_a_body_that_claims_gigabytes_is_refused_before_it_comes(client: Client) -> None:
    client.send("Content-Length: 9999999999")

    assert client.answer()[0] == 413


def test_chunks_without_an_end_are_cut_off(client: Client) -> None:
    client.send("Transfer-Encoding: chunked")

    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        client.more(chunk(b" " * 65536) * 10_000)


def test_a_body_that_stops_short_is_refused(client: Client) -> None:
    client.send("Content-Length: 100", body=GOOD)
    client.end()
    status, problem = client.answer()

    assert (status, problem["code"]) == (400, "body_broken")


def test_a_chunk_without_a_length_is_refused_and_the_connection_ends(client: Client) -> None:
    client.send("Transfer-Encoding: chunked", body=b"x\r\n" + GOOD)
    status, problem = client.answer()

    assert (status, problem["code"]) == (400, "body_broken")
    assert client.is_closed()


@pytest.mark.parametrize(
    "headers",
    [
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: xchunked",),
        ("Content-Length: 1_0",),
        ("Content-Length: +29",),
        ("Content-Length: 29", "Transfer-Encoding: chunked"),
        ("Content-Length: 29", "Content-Length: 5"),
    ],
)
def test_a_request_cannot_be_smuggled_behind_another(client: Client, headers: tuple[str, ...]) -> None:
    smuggled = f"GET {UNION} HTTP/1.1\r\nHost: test\r\n\r\n".encode()
    client.send(*headers, body=GOOD + smuggled)

    assert client.answer()[0] == 400
    assert client.is_closed()


@pytest.mark.parametrize("request_line", [f"GET {UNION} HTTP/1.1", "GET /v1/nothing HTTP/1.1", "POST /v1/me HTTP/1.1"])
def test_nor_behind_one_whose_body_nobody_reads(client: Client, request_line: str) -> None:
    client.send("Transfer-Encoding: gzip, chunked", body=b"GET /live HTTP/1.1\r\n\r\n", request=request_line)

    assert client.answer()[0] == 400
    assert client.is_closed()


def test_a_header_of_half_a_line_cannot_break_an_answer(client: Client) -> None:
    client.send("Accept-Language: en\r\n folded: x", announced(GOOD), body=GOOD)

    assert client.answer()[0] in {200, 400}


def test_too_many_headers_are_a_problem_too(client: Client) -> None:
    client.send(*(f"X-Header-{number}: {'x' * 6000}" for number in range(8)), announced(GOOD), body=GOOD)
    status, problem = client.answer()

    assert (status, problem["code"]) == (431, "headers_too_large")


def test_an_address_without_an_end_is_refused(client: Client) -> None:
    client.send(request=f"GET {UNION}?{'x' * 9000} HTTP/1.1")
    status, problem = client.answer()

    assert (status, problem["code"]) == (414, "uri_too_long")


@pytest.mark.parametrize("slash", ["%2F", "%2f"])
def test_an_escaped_slash_is_none(client: Client, slash: str) -> None:
    client.send(request=f"GET {UNION.replace('/unions/', f'/unions{slash}')} HTTP/1.1")

    assert client.answer()[0] == 404


def test_head_has_the_length_and_no_body(client: Client) -> None:
    client.send(request="HEAD /openapi.json HTTP/1.1")
    response = HTTPResponse(client._socket, method="HEAD")
    response.begin()

    assert response.status == 200
    assert int(response.headers["Content-Length"]) > 1000
    client.send(announced(GOOD), body=GOOD)
    assert client.answer()[0] == 200


def test_a_client_that_expects_to_be_asked_is_refused_before_it_sends(client: Client) -> None:
    client.send("Content-Length: 5000000", "Expect: 100-continue")

    assert client.answer()[0] == 413
