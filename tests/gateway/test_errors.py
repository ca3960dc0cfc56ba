"""Whatever goes wrong, a client hears it in one shape, with a code, in both languages."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.errors import DeadlineExceeded, Refused, RemoteFailure, ServiceUnavailable
from chassis.offload import Overloaded
from contracts import catalogue, registry
from contracts.declare import Kind
from contracts.gateway.second_factor import BeginSecondFactor, ConfirmSecondFactor
from contracts.gateway.sessions import RefreshSession, SignIn, SignOut
from contracts.roles import Role
from tests.gateway.harness import World
from tests.support.logged import logged

UNION = "/v1/unions/018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53"
QUERY, COMMAND = "membership.get_union", "membership.approve_union"


def assert_problem(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"urn:unionhall:problem:{code}"
    assert set(problem["messages"]) == {"zh", "en"}
    assert problem["trace_id"] == answer.headers["Trace-Id"]


def asked(world: World, error: Exception) -> TestResponse:
    world.services.answers[QUERY] = error
    return world.get(UNION, world.token_of(Role.WORKER))


def commanded(world: World, error: Exception) -> TestResponse:
    world.services.answers[COMMAND] = error
    return world.post(f"{UNION}/approve", {"approved_on": "2024-03-08"}, world.token_of(Role.HIGHER_UNION))


def test_a_refusal_is_found_in_the_log_by_its_trace_id_without_what_was_sent(engine: World) -> None:
    with logged() as written:
        refused = commanded(engine, Refused("date_in_future", field="approved_on", params={"today": "2024-03-07"}))

    (line,) = (json.loads(one) for one in written.getvalue().splitlines() if refused.json["trace_id"] in one)
    assert (line["event"], line["operation"], line["code"]) == ("refused", COMMAND, "date_in_future")
    assert "2024-03-0" not in json.dumps({**line, "timestamp": ""})


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused("not_found"), 404, "not_found"),
        (Refused("outside_scope"), 403, "outside_scope"),
        (Refused("illegal_transition"), 409, "illegal_transition"),
        (Refused("stale_version"), 412, "stale_version"),
        (Refused("invalid_request", errors=[{"field": "name", "code": "required"}]), 422, "invalid_request"),
        (ServiceUnavailable("membership"), 503, "service_unavailable"),
        (DeadlineExceeded("membership"), 503, "deadline_exceeded"),
        (Overloaded(), 429, "too_many_requests"),
        (RemoteFailure("KeyError"), 500, "internal_error"),
        (KeyError("secret"), 500, "internal_error"),
        (Refused("code_of_a_newer_service"), 500, "internal_error"),
        (Refused("invalid_request", errors=[{"field": "name", "code": "newer_code"}]), 500, "internal_error"),
    ],
)
def test_an_error_of_a_query_is_a_problem_with_its_code(
    engine: World, error: Exception, status: int, code: str
) -> None:
    assert_problem(asked(engine, error), status, code)


def test_a_command_without_an_answer_has_an_unknown_outcome(engine: World) -> None:
    answer = commanded(engine, DeadlineExceeded("membership"))

    assert_problem(answer, 504, "outcome_unknown")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/sessions", {"username": "clerk", "password": "any"}),
        ("/v1/sessions/refresh", {"refresh_token": "any"}),
    ],
)
def test_whoever_has_no_key_to_repeat_is_told_to_sign_in_again(
    engine: World, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str]
) -> None:
    def unanswered(*_: Any) -> None:
        raise DeadlineExceeded("database")

    monkeypatch.setattr(engine.runner, "run", unanswered)
    answer = engine.post(path, body)

    assert_problem(answer, 504, "outcome_unknown_unkeyed")
    assert answer.headers["Retry-After"] == "1"
    assert "sign in" in answer.json["messages"]["en"]
    assert "key" not in answer.json["messages"]["en"]


def test_only_what_makes_or_ends_a_session_or_answers_with_secrets_has_no_key() -> None:
    commands = (one for one in registry.operations().values() if one.route and one.kind is Kind.COMMAND)

    sessions, secrets = {SignIn, RefreshSession, SignOut}, {BeginSecondFactor, ConfirmSecondFactor}
    assert {one.request for one in commands if not one.keyed} == sessions | secrets


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ServiceUnavailable("membership"), "1"),
        (DeadlineExceeded("membership"), "1"),
        (Refused("in_progress"), "1"),
        (Refused("too_many_jobs", params={"most": "3"}), None),
        (Refused("not_yet_known"), "2"),
        (Refused("too_many_requests", params={"retry_after": "42"}), "42"),
        (Refused("not_found"), None),
    ],
)
def test_whoever_may_ask_again_hears_when(engine: World, error: Exception, seconds: str | None) -> None:
    assert asked(engine, error).headers.get("Retry-After") == seconds


@pytest.mark.parametrize(
    ("wanted", "language"),
    [(None, "zh"), ("en", "en"), ("zh-CN,en;q=0.5", "zh"), ("de, en-GB;q=0.7", "en"), ("fr", "zh"), (";;q=x", "zh")],
)
def test_people_read_the_language_that_they_asked_for(engine: World, wanted: str | None, language: str) -> None:
    headers = {} if wanted is None else {"Accept-Language": wanted}
    answer = engine.get("/v1/nothing", headers=headers)

    assert answer.json["detail"] == catalogue.text("not_found", language)
    assert answer.json["messages"]["zh"] == catalogue.text("not_found", "zh")
    assert answer.json["messages"]["en"] == catalogue.text("not_found", "en")
    assert answer.headers["Content-Language"] == language


def test_the_rule_and_its_article_reach_the_client(engine: World) -> None:
    refused = Refused("own_approval", field="union_id", rule_code="R-ORG-04", article="art 12")
    problem = commanded(engine, refused).json

    assert (problem["field"], problem["rule_code"], problem["article"]) == ("union_id", "R-ORG-04", "art 12")


def test_a_failure_tells_the_trace_and_nothing_of_itself(engine: World) -> None:
    answer = asked(engine, RuntimeError("password=hunter2"))

    assert "hunter2" not in answer.text
    assert answer.json["trace_id"] == answer.headers["Trace-Id"]


def test_only_some_of_many_bad_fields_are_listed(engine: World) -> None:
    bad = {f"field_{number}": 1 for number in range(5)}
    path = f"/v1/activities/{UNION[-36:]}/attendances"
    answer = engine.post(path, {"attendances": [bad] * 1000}, engine.token_of(Role.OFFICER))

    assert_problem(answer, 422, "invalid_request")
    assert len(answer.json["errors"]) == 50
