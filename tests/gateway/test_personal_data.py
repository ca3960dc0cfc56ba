"""What people tell of themselves passes through the gateway, and nothing of it stays there: in no log, no error."""

import json
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from chassis.errors import DeadlineExceeded, Refused, RemoteFailure, ServiceUnavailable
from contracts.membership.applications import SubmitApplication
from contracts.roles import Role
from tests.gateway.harness import World
from tests.support.logged import logged

PATH = "/v1/memberships/applications"
NAME, NUMBER, MOBILE = "Zhang Laboriosa", "330199199001011236", "19912345678"
PERSON = {"name": NAME, "document_no": NUMBER, "mobile": MOBILE, "birth_date": "1990-01-01"}
CLEAR = (*PERSON.values(), "19900101", "Laboriosa", MOBILE[-8:])


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Everything that the gateway logs meanwhile."""
    with logged() as written:
        yield written


def application(**changes: Any) -> dict[str, Any]:
    return {
        "union_id": str(uuid4()),
        "applied_on": "2023-03-01",
        "consent_version": "2023-1",
        "person": {**PERSON, **changes},
        "employment": {"worker_category": "13"},
    }


def told(answer: TestResponse, written: StringIO) -> set[str]:
    """The personal values that an answer or a log line repeats."""
    everything = "\n".join([answer.text, json.dumps(answer.json, ensure_ascii=False), str(answer.headers)])
    return {value for value in CLEAR if value in everything + written.getvalue()}


def failing(*_: Any) -> Any:
    """A service that repeats what it was asked in its error."""
    raise KeyError(*CLEAR)


ANSWERS: list[tuple[int, Exception | Callable[..., Any]]] = [
    (201, lambda *_: {"id": str(uuid4()), "version": 1}),
    (409, Refused("already_a_member")),
    (500, RemoteFailure("KeyError")),
    (500, Refused("code_of_a_newer_service", params=PERSON)),
    (500, failing),
    (503, ServiceUnavailable("membership")),
    (504, DeadlineExceeded("membership")),
]


@pytest.mark.parametrize(("status", "reply"), ANSWERS)
def test_whatever_becomes_of_an_application_nothing_of_its_person_is_told(
    engine: World, written: StringIO, status: int, reply: Any
) -> None:
    engine.services.answers[SubmitApplication.operation.wire_name] = reply
    answer = engine.post(PATH, application(), engine.token_of(Role.OFFICER))

    assert answer.status_code == status, answer.text
    assert engine.services.asked[-1][1]["person"] == PERSON
    assert ("request_failed" in written.getvalue()) == (status == 500)
    assert told(answer, written) == set()


@pytest.mark.parametrize(
    "body",
    [
        application(document_no=[NUMBER]),
        application(document_no=f"{NUMBER}\u0007"),
        application(document_no=NUMBER * 9),
        application(mobile={MOBILE: 1}),
        application(birth_date="19900101"),
        application(sex=NAME),
        application(document_kind=NUMBER),
        application(education=NAME),
        {**application(), "person": CLEAR},
        {**application(), "applied_on": NUMBER, "union_id": NAME},
    ],
)
def test_a_bad_field_is_named_and_its_value_is_not(engine: World, written: StringIO, body: Mapping[str, Any]) -> None:
    answer = engine.post(PATH, body, engine.token_of(Role.OFFICER))

    assert answer.json["code"] == "invalid_request"
    assert answer.json["errors"]
    assert told(answer, written) == set()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"data": json.dumps(application())[:-1]}, "malformed_json"),
        ({"data": json.dumps(application()).encode("utf-16")}, "malformed_json"),
        ({"data": json.dumps(application()), "content_type": "text/plain"}, "unsupported_media_type"),
        ({"data": json.dumps([CLEAR] * 50_000)}, "body_too_large"),
        ({"data": json.dumps(application()), "query_string": {"mobile": MOBILE}}, "invalid_request"),
    ],
)
def test_a_body_that_is_not_understood_is_not_repeated(
    engine: World, written: StringIO, details: dict[str, Any], code: str
) -> None:
    whole = {"content_type": "application/json", **details}
    answer = engine.post(PATH, token=engine.token_of(Role.OFFICER), **whole)

    assert answer.json["code"] == code
    assert told(answer, written) == set()
