"""The demo's client repeats what may be repeated, signing in included, until an answer is definite."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from demo import client
from demo.client import Client, Refusal

Answers = Callable[..., None]


def answer(status: int, **body: Any) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.json = lambda: body  # type: ignore[method-assign]
    return made


TOKENS = answer(201, access_token="token")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the client asked for, in order."""
    monkeypatch.setattr(client, "PAUSE", 0)
    return []


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, dict[str, Any]]]) -> Answers:
    """Has these answers given, one after the other; an error is raised."""

    def give(*given: requests.Response | Exception) -> None:
        coming = iter(given)

        def request(_: requests.Session, method: str, url: str, **details: Any) -> requests.Response:
            asked.append((f"{method} {url}", details))
            following = next(coming)
            if isinstance(following, Exception):
                raise following
            return following

        monkeypatch.setattr(requests.Session, "request", request)

    return give


@pytest.mark.parametrize("lost", [answer(504, code="outcome_unknown_unkeyed"), answer(503), requests.Timeout()])
def test_a_sign_in_without_an_answer_is_repeated(
    answers: Answers, asked: list[tuple[str, dict[str, Any]]], lost: requests.Response | Exception
) -> None:
    answers(lost, TOKENS)

    assert Client("http://gateway", "analyst", "secret").authorization == "Bearer token"
    assert [request for request, _ in asked] == ["POST http://gateway/v1/sessions"] * 2


def test_a_sign_in_that_is_refused_is_not_repeated(answers: Answers) -> None:
    answers(answer(401, code="invalid_credentials"))

    with pytest.raises(Refusal, match="invalid_credentials"):
        Client("http://gateway", "analyst", "secret")


@pytest.mark.parametrize(
    ("refused", "is_told"),
    [
        (answer(409, code="post_taken"), True),
        (answer(422, code="idempotency_key_reused"), True),
        (answer(422, code="date_in_future"), False),
        (answer(403, code="role_not_allowed"), False),
    ],
)
def test_what_another_version_of_the_demo_loaded_is_met_with_how_to_begin_anew(
    answers: Answers, refused: requests.Response, is_told: bool
) -> None:
    answers(TOKENS, refused)

    with pytest.raises(Refusal) as error:
        Client("http://gateway", "analyst", "secret").post("/v1/posts", {}, "post")
    assert ("make clean" in str(error.value)) == is_told


def test_a_refusal_is_told_with_its_field_and_in_words(answers: Answers) -> None:
    words = {"zh": "日期", "en": "The day has not come."}
    answers(TOKENS, answer(422, code="date_in_future", field="started_on", messages=words, errors=[]))

    with pytest.raises(Refusal, match=r"422 date_in_future started_on The day has not come\.$"):
        Client("http://gateway", "analyst", "secret").post("/v1/posts", {}, "post")


def test_a_command_is_repeated_under_its_key_with_a_new_token(
    answers: Answers, asked: list[tuple[str, dict[str, Any]]]
) -> None:
    lost = (answer(504, code="outcome_unknown"), answer(409, code="in_progress"), answer(401, code="token_expired"))
    answers(TOKENS, *lost, TOKENS, answer(201, id="1"))

    assert Client("http://gateway", "analyst", "secret").post("/v1/accounts", {}, "account") == {"id": "1"}
    keys = [details["headers"]["Idempotency-Key"] for request, details in asked if request.endswith("accounts")]
    assert (len(keys), len(set(keys))) == (4, 1)
