"""The HTTP server itself, spoken to byte by byte."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path
from threading import Event, Thread

import pytest

from contracts.declare import JSON_LIMIT
from contracts.roles import Role
from gateway.service import HEAD_TIME
from tests.gateway.bytewise import Client, Server, announced, chunk, serving
from tests.gateway.harness import World
from tests.gateway.test_errors import UNION

GOOD = b'{"approved_on": "2024-03-08"}'
#: Connections of the server that most of these tests speak to.
MOST = 40


@pytest.fixture(scope="module")
def server(shared: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(shared.database.url, tmp_path_factory.mktemp("server") / "log", MOST) as server:
        yield server


@pytest.fixture(scope="module")
def port(server: Server) -> int:
    return server.port


@pytest.fixture
def client(port: int, engine: World) -> Iterator[Client]:
    with Client(port, engine.token_of(Role.HIGHER_UNION)) as client:
        yield client


def test_one_connection_serves_many_requests(client: Client) -> None:
    for _ in range(3):
        client.send(announced(GOOD), body=GOOD)
        assert client.answer() == (200, {"union_id": UNION[-36:], "approved_on": "2024-03-08"})


def test_a_body_in_chunks_is_put_together(client: Client) -> None:
    body = b"".join(chunk(GOOD[start : start + 7]) for start in range(0, len(GOOD), 7)) + chunk(b"")
    client.send("Transfer-Encoding: chunked", body=body)

    assert client.answer()[0] == 200


def test_five_megabytes_are_refused_in_words_that_the_client_hears(client: Client) -> None:
    body = b" " * 5 * JSON_LIMIT
    client.send(announced(body), body=body)
    status, problem = client.answer()
    assert (status, problem["code"]) == (413, "body_too_large")
    assert client.is_closed()


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


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        (f"POST /{'a' * 9000} HTTP/1.1", (), 400),
        (f"POST {UNION}/approve HTTP/1.1", (f"X-A: {'a' * 20_000}", f"X-B: {'b' * 20_000}"), 400),
    ],
)
def test_nor_behind_one_that_is_too_large(
    client: Client, request_line: str, headers: tuple[str, ...], status: int
) -> None:
    smuggled = f"GET {UNION} HTTP/1.1\r\nHost: test\r\n\r\n".encode()
    client.send(*headers, "Content-Length: 0", "Content-Length: 60", body=smuggled, request=request_line)

    assert client.answer()[0] == status
    assert client.is_closed()


@pytest.mark.parametrize("path", ["/v1/nothing", f"/{'a' * 9000}", f"{UNION}/approve"])
def test_an_answer_that_did_not_wait_for_the_body_is_the_last(client: Client, path: str) -> None:
    client.send("Content-Length: 2000000", body=b"GET /live HTTP/1.1\r\n\r\n", request=f"POST {path} HTTP/1.1")

    assert client.answer()[0] in {404, 413, 414}
    assert client.is_closed()


@pytest.mark.parametrize(
    "line",
    [
        "foo bar",
        "Content-Length : 29",
        " folded: 1",
        ": 1",
        "X: a\rTransfer-Encoding: chunked",
        "X: a\nTransfer-Encoding: chunked",
        "X: a\0b",
        "Transfer-Encoding: \x0bchunked",
    ],
)
def test_a_header_line_that_cannot_be_read_ends_the_connection(client: Client, line: str) -> None:
    client.send(line, announced(GOOD), body=GOOD + b"GET /live HTTP/1.1\r\n\r\n")
    status, problem = client.answer()

    assert (status, problem["code"]) == (400, "malformed_request")
    assert client.is_closed()


@pytest.mark.parametrize(
    "line", ["secret-in-garbage", "GET /live", "GET  /live HTTP/1.1", "GET /live HTTP/2.0", "GET\t/live\tHTTP/1.1"]
)
def test_what_is_no_request_is_refused_in_form_and_not_repeated_in_the_log(
    client: Client, server: Server, line: str
) -> None:
    client.more(f"{line}\r\n\r\n".encode())
    status, problem = client.answer()
    logged = server.log.read_text().splitlines()

    assert (status, problem["code"]) == (400, "malformed_request")
    assert client.is_closed()
    assert json.loads(logged[-1])["event"] == "refused"
    assert not any("/live" in one or "secret" in one for one in logged)


@pytest.mark.parametrize(
    "body",
    [
        b"0x1d\r\n" + GOOD + b"\r\n0\r\n\r\n",
        b"+1d\r\n" + GOOD + b"\r\n0\r\n\r\n",
        b"1_d\r\n" + GOOD + b"\r\n0\r\n\r\n",
        b"\r\n0\r\n\r\n",
        b"1d\n" + GOOD + b"\r\n0\r\n\r\n",
        b"1d\r\n" + GOOD + b"REST\r\n0\r\n\r\n",
        b"1d\r\n" + GOOD + b"XX0\r\n\r\n",
        b"1d\r\n" + GOOD + b"\n0\r\n\r\n",
        chunk(GOOD) + b"0\r\nX: 1\n\r\n",
        b"5;" + b"a" * 100_000,
        chunk(GOOD) + b"0\r\n" + b"X: y\r\n" * 10_000,
        b"1\r\n \r\n" * 20_000,
    ],
)
def test_chunks_are_read_strictly_and_within_bounds(client: Client, body: bytes) -> None:
    client.send("Transfer-Encoding: chunked", body=body)
    status, problem = client.answer()

    assert (status, problem["code"]) == (400, "body_broken")
    assert client.is_closed()


def test_chunks_may_have_extensions_and_trailers(client: Client) -> None:
    body = f"{len(GOOD):X} ; name=value\r\n".encode() + GOOD + b"\r\n0\r\nX-Sum: 1\r\n\r\n"
    for _ in range(2):
        client.send("Transfer-Encoding: chunked", body=body)
        assert client.answer()[0] == 200


def test_http_1_0_has_no_chunks(client: Client) -> None:
    client.send(
        "Transfer-Encoding: chunked",
        "Connection: keep-alive",
        body=chunk(GOOD) + chunk(b""),
        request=f"POST {UNION}/approve HTTP/1.0",
    )

    assert client.answer()[0] == 400
    assert client.is_closed()


def test_two_slashes_are_not_one(client: Client) -> None:
    client.send(request="GET //live HTTP/1.1")

    assert client.answer()[0] == 404


def test_many_requests_may_be_sent_at_once(client: Client) -> None:
    request = b"GET /live HTTP/1.1\r\nHost: test\r\n"
    client.more((request + b"\r\n") * 300 + request + b"Connection: close\r\n\r\n")

    assert client.rest().count(b"HTTP/1.1 200 OK") == 301


def test_who_waits_longest_gives_way_to_who_comes(server: Server) -> None:
    with ExitStack() as open_until_the_end:
        silent = [open_until_the_end.enter_context(Client(server.port, "")) for _ in range(MOST)]
        for each in silent[1:]:
            each.more(b"GET /live HTTP/1.1\r\n")
        # less patient than the server is with those who are silent
        last = open_until_the_end.enter_context(Client(server.port, "", HEAD_TIME / 2))
        last.send(request="GET /live HTTP/1.1")

        assert last.answer()[0] == 200
        assert silent[0].is_closed()


def test_a_process_that_can_open_no_more_files_goes_on(shared: World, tmp_path: Path) -> None:
    with serving(shared.database.url, tmp_path / "log", 1000, files=100) as server, ExitStack() as open_until_the_end:
        for _ in range(200):
            open_until_the_end.enter_context(Client(server.port, ""))
        with Client(server.port, "") as client:
            client.send(request="GET /live HTTP/1.1")

            assert client.answer()[0] == 200


def test_who_sends_without_end_cannot_hold_up_a_stop(shared: World, tmp_path: Path) -> None:
    with serving(shared.database.url, tmp_path / "log", MOST) as server, Client(server.port, "") as client:
        client.send("Content-Length: 1000", body=b"{", request="POST /v1/sessions HTTP/1.1")
        stopped = Event()
        dripping = Thread(target=client.drip, args=(stopped,))
        dripping.start()
        try:
            server.process.terminate()
            assert server.process.wait(timeout=30) == 0
        finally:
            stopped.set()
            dripping.join()


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
