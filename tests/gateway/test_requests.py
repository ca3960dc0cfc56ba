"""What a request must be before it reaches a service."""

import re
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder

from contracts.roles import Role
from tests.gateway.harness import World
from tests.gateway.test_errors import COMMAND, QUERY, UNION, assert_problem

UNION_ID = UNION.rpartition("/")[2]


@pytest.fixture
def open_world(engine: World) -> World:
    """Every service answers what it was asked."""
    engine.services.otherwise = lambda payload, _: {**payload, "version": 3}
    return engine


def approve(world: World, body: Any = None, **details: Any) -> Any:
    return world.post(
        f"{UNION}/approve", {"approved_on": "2024-03-08"} if body is None else body, higher(world), **details
    )


def higher(world: World) -> str:
    return world.token_of(Role.HIGHER_UNION)


def test_a_query_reaches_its_service_with_path_and_parameters(open_world: World) -> None:
    url = f"/v1/kpis/K01/explain?org={UNION_ID}&limit=5"
    answer = open_world.get(url, open_world.token_of(Role.ANALYST))

    operation, payload, call = open_world.services.asked[0]
    assert answer.status_code == 200
    assert operation.wire_name == "reporting.explain_figure"
    assert payload == {"code": "K01", "org": UNION_ID, "limit": 5}
    assert call.key is None


def test_a_command_reaches_its_service_with_key_version_and_trace(open_world: World) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {
        "Idempotency-Key": "key-1",
        "If-Match": '"7"',
        "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01",
    }
    answer = approve(open_world, headers=headers)

    operation, payload, call = open_world.services.asked[0]
    assert operation.wire_name == COMMAND
    assert payload == {"union_id": UNION_ID, "approved_on": "2024-03-08"}
    assert (call.key, call.expected_version) == ("key-1", 7)
    assert re.fullmatch(f"00-{trace_id}-(?!00f067aa0ba902b7)[0-9a-f]{{16}}-01", call.traceparent or "")
    assert answer.headers["Trace-Id"] == trace_id


@pytest.mark.parametrize(
    "header",
    [
        None,
        "rubbish",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    ],
)
def test_a_missing_or_broken_trace_begins_anew(open_world: World, header: str | None) -> None:
    headers = {} if header is None else {"traceparent": header}
    answer = open_world.get(UNION, open_world.token_of(Role.WORKER), headers=headers)

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["Trace-Id"])
    assert answer.headers["Trace-Id"].lower() != "4bf92f3577b34da6a3ce929d0e0e4736"


def test_the_version_of_a_record_is_its_etag(open_world: World) -> None:
    assert open_world.get(UNION, open_world.token_of(Role.WORKER)).headers["ETag"] == '"3"'


@pytest.mark.parametrize("etag", ["7", '"x"', 'W/"7"', '"-1"', '""', '"1", "2"', '"٣"', '"99999999999"'])
def test_an_if_match_that_is_no_version_is_refused(open_world: World, etag: str) -> None:
    headers = {"If-Match": etag.encode().decode("latin-1")}

    assert_problem(approve(open_world, headers=headers), 400, "if_match_invalid")


def test_any_version_will_do_for_a_star(open_world: World) -> None:
    assert approve(open_world, headers={"If-Match": "*"}).status_code == 200
    assert open_world.services.asked[0][2].expected_version is None


def test_a_command_without_a_key_is_refused(open_world: World) -> None:
    headers = {"Authorization": f"Bearer {higher(open_world)}"}
    answer = open_world.client.post(f"{UNION}/approve", json={"approved_on": "2024-03-08"}, headers=headers)

    assert_problem(answer, 400, "idempotency_key_required")


@pytest.mark.parametrize("key", ["", " ", "a b", "ключ".encode().decode("latin-1"), "k" * 129, "a\x7f"])
def test_a_key_has_1_to_128_visible_ascii_characters(open_world: World, key: str) -> None:
    assert_problem(approve(open_world, headers={"Idempotency-Key": key}), 400, "idempotency_key_invalid")


@pytest.mark.parametrize("key", ["!", "~" * 128])
def test_keys_at_the_limits_are_taken(open_world: World, key: str) -> None:
    assert approve(open_world, headers={"Idempotency-Key": key}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "approved_on", "required"),
        ({"approved_on": None}, "approved_on", "null_not_allowed"),
        ({"approved_on": 5}, "approved_on", "not_a_date"),
        ({"approved_on": "2024-02-30"}, "approved_on", "not_a_date"),
        ({"approved_on": {"on": "2024-03-08"}}, "approved_on", "not_a_date"),
        ({"approved_on": "2024-03-08", "colour": "red"}, "colour", "unknown_field"),
        ({"approved_on": "2024-03-08", "union_id": UNION_ID}, "union_id", "given_twice"),
        ([], "", "not_an_object"),
        ("text", "", "not_an_object"),
    ],
)
def test_a_bad_field_is_named_and_never_crosses_the_broker(open_world: World, body: Any, field: str, code: str) -> None:
    answer = approve(open_world, body)

    assert_problem(answer, 422, "invalid_request")
    assert {"field": field, "code": code} in [
        {"field": row["field"], "code": row["code"]} for row in answer.json["errors"]
    ]
    assert open_world.services.asked == []


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limit=x", "limit", "not_an_integer"),
        ("limit=0", "limit", "number_range"),
        ("limit=", "limit", "not_an_integer"),
        ("colour=red", "colour", "unknown_field"),
        ("limit=1&limit=2", "limit", "given_twice"),
        ("code=K02", "code", "given_twice"),
        ("org=%00", "org", "not_a_uuid"),
    ],
)
def test_a_bad_parameter_is_named(open_world: World, query: str, field: str, code: str) -> None:
    answer = open_world.get(f"/v1/kpis/K01/explain?{query}", open_world.token_of(Role.ANALYST))

    assert_problem(answer, 422, "invalid_request")
    assert (field, code) in [(row["field"], row["code"]) for row in answer.json["errors"]]


def test_a_command_takes_nothing_from_the_query_string(open_world: World) -> None:
    answer = open_world.post("/v1/sessions?password=secret", {"username": "clerk"})

    assert_problem(answer, 422, "invalid_request")
    assert [(row["field"], row["code"]) for row in answer.json["errors"]] == [("password", "unknown_field")]


@pytest.mark.parametrize("query", ["org=%ff%fe", "&".join(f"p{number}=1" for number in range(60))])
def test_a_query_string_that_nobody_can_read_is_refused(open_world: World, query: str) -> None:
    answer = open_world.get(f"/v1/kpis/K01/explain?{query}", open_world.token_of(Role.ANALYST))

    assert_problem(answer, 400, "malformed_query")


def test_who_asks_is_looked_at_before_what_is_asked(open_world: World) -> None:
    bad = {"data": "{", "content_type": "text/plain", "headers": {"Idempotency-Key": ""}}

    assert_problem(open_world.client.post(f"{UNION}/approve", **bad), 401, "not_authenticated")
    bad["headers"] = {"Authorization": f"Bearer {open_world.token_of(Role.WORKER)}"}
    assert_problem(open_world.client.post(f"{UNION}/approve", **bad), 403, "role_not_allowed")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/v1/unions/", 404, "not_found"),
        ("GET", "", 404, "not_found"),
        ("GET", "//v1/unions", 404, "not_found"),
        ("GET", "v1/unions", 404, "not_found"),
        ("GET", "/v1/nothing/at/all", 404, "not_found"),
        ("GET", "/v1/\xe5\xb7\xa5", 404, "not_found"),
        ("GET", "/v1/unions/\xff\xfe", 404, "not_found"),
        ("GET", "/v1/x\r\nSet-Cookie: a=b", 404, "not_found"),
        ("GET", "/V1/unions", 404, "not_found"),
        ("OPTIONS", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/unions", 405, "method_not_allowed"),
        ("TRACE", "/v1/unions", 405, "method_not_allowed"),
        ("POST", UNION, 405, "method_not_allowed"),
    ],
)
def test_an_address_or_method_that_is_not_there(engine: World, method: str, path: str, status: int, code: str) -> None:
    environ = {**EnvironBuilder().get_environ(), "REQUEST_METHOD": method, "PATH_INFO": path}

    assert_problem(engine.raw(environ), status, code)


def test_a_method_that_is_not_allowed_names_those_that_are(engine: World) -> None:
    assert engine.client.delete("/v1/unions").headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_options_tells_what_can_be_asked(engine: World) -> None:
    answer = engine.client.options(f"{UNION}/approve")

    assert (answer.status_code, answer.headers["Allow"], answer.data) == (204, "OPTIONS, POST", b"")


def test_head_gives_the_headers_of_get(open_world: World) -> None:
    token = open_world.token_of(Role.WORKER)
    got = open_world.get(UNION, token)
    headers = {"Authorization": f"Bearer {token}"}
    head = open_world.client.head(UNION, headers=headers)

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.data))
    assert head.headers["ETag"] == got.headers["ETag"]


def test_head_of_what_is_not_there_has_no_body(engine: World) -> None:
    answer = engine.client.head("/v1/nothing")

    assert (answer.status_code, answer.data) == (404, b"")


def test_a_name_in_the_path_may_be_chinese(open_world: World) -> None:
    url = f"/v1/kpis/%E6%8C%87%E6%A0%87/value?org={UNION_ID}"

    assert open_world.get(url, open_world.token_of(Role.ANALYST)).status_code == 200
    assert open_world.services.asked[0][1]["code"] == "指标"


@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "text/html, application/*;q=0.1", "application/json;q=1"]
)
def test_whoever_takes_json_is_served(open_world: World, accept: str) -> None:
    answer = open_world.get(UNION, open_world.token_of(Role.WORKER), headers={"Accept": accept})

    assert answer.status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/xml, text/*"])
def test_whoever_takes_no_json_is_told(open_world: World, accept: str) -> None:
    answer = open_world.get(UNION, open_world.token_of(Role.WORKER), headers={"Accept": accept})

    assert_problem(answer, 406, "not_acceptable")


REPORT = f"/v1/reports/{UNION_ID}"


@pytest.mark.parametrize(("form", "media_type"), [("html", "text/html"), ("markdown", "text/markdown")])
def test_a_text_is_answered_as_what_it_is_and_may_run_nothing(open_world: World, form: str, media_type: str) -> None:
    open_world.services.otherwise = lambda *_: "<p>一</p>"
    answer = open_world.get(f"{REPORT}/{form}", open_world.token_of(Role.ANALYST), headers={"Accept": media_type})

    assert (answer.status_code, answer.data.decode()) == (200, "<p>一</p>")
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_takes_no_text_is_told(open_world: World) -> None:
    answer = open_world.get(f"{REPORT}/html", open_world.token_of(Role.ANALYST), headers={"Accept": "application/json"})

    assert_problem(answer, 406, "not_acceptable")


def test_headers_and_addresses_have_an_end(open_world: World) -> None:
    token = open_world.token_of(Role.WORKER)

    assert_problem(open_world.get(UNION, token, headers={"X-Long": "x" * 33_000}), 431, "headers_too_large")
    assert_problem(open_world.get(f"{UNION}?x={'x' * 9000}", token), 414, "uri_too_long")


@pytest.mark.parametrize("path", [UNION, "/v1/nothing", "/openapi.json"])
def test_every_answer_forbids_guessing_its_type(open_world: World, path: str) -> None:
    answer = open_world.get(path, open_world.token_of(Role.WORKER))

    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [UNION, "/v1/nothing"])
def test_no_answer_of_the_api_is_stored(open_world: World, path: str) -> None:
    assert open_world.get(path, open_world.token_of(Role.WORKER)).headers["Cache-Control"] == "no-store"


def test_a_full_gateway_says_so_to_whoever_asks_for_an_operation(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.engine.application.MOST_AT_ONCE", 1)
    token = open_world.token_of(Role.WORKER)
    inner = []
    paths = (UNION, "/live", "/ready", "/openapi.json")
    open_world.services.answers[QUERY] = lambda *_: inner.extend(open_world.get(path, token) for path in paths) or {}
    outer = open_world.get(UNION, token)

    assert outer.status_code == 200
    assert_problem(inner[0], 503, "service_unavailable")
    assert [answer.status_code for answer in inner[1:]] == [200, 200, 200]
    open_world.services.answers[QUERY] = lambda *_: {}
    assert open_world.get(UNION, token).status_code == 200
