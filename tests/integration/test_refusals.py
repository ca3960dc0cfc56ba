"""What is refused over HTTP says why in both languages, and leaves no trace in any database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.actor import Grant
from contracts import catalogue
from contracts.fields import MAX_INTEGER
from contracts.roles import Role
from gateway.sessions import tokens
from gateway.settings import token_key
from kernel.zone import SHANGHAI
from tests.integration.harness import Account, Office, Town, changed, contents, held, settle

#: Where activities are drafted.
ACTIVITIES = "/v1/activities"
#: Bytes beyond what a JSON body may have.
TOO_LARGE = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Desk:
    """Accounts that ask for what they may not have, and what they ask for."""

    federation: str
    #: A closed activity of the federation, closed by `officer`.
    activity: str
    #: A key under which `officer` has drafted another one.
    used_key: str
    officer: Account
    checker: Account
    analyst: Account
    #: Zone officer of another federation.
    stranger: Account
    #: Whoever comes with a token that is over.
    late: Account
    #: Whoever comes with a token that another key signed.
    forger: Account

    def draft(self, **changes: Any) -> dict[str, Any]:
        """What drafting an activity of the federation asks for."""
        start, end = "2023-03-01T19:00:00+08:00", "2023-03-01T21:00:00+08:00"
        fixed = {"kind": "study", "title": "Reading evening", "starts_at": start, "ends_at": end}
        return {"organizer_union_id": self.federation, **fixed, **changes}

    def step(self, name: str) -> str:
        """Address of a step of the activity."""
        return f"/v1/activities/{self.activity}/{name}"


@pytest.fixture(scope="module")
def desk(town: Town, office: Office) -> Desk:
    officer = town.account(office.officer)
    desk = Desk(
        federation=office.federation,
        activity=held(office.officer, office.federation, close=True),
        used_key=str(uuid4()),
        officer=officer,
        checker=town.account(office.checker),
        analyst=town.account(office.analyst),
        stranger=town.account(town.officer),
        late=town.bearer(expired_token(town, office.federation)),
        forger=town.bearer(token(tokens.AccessTokens(Ed25519PrivateKey.generate()), office.federation)),
    )
    drafted = officer.post(ACTIVITIES, desk.draft(), desk.used_key)
    assert drafted.status_code == requests.codes.created
    settle(town.platform)
    return desk


def expired_token(town: Town, root: str) -> str:
    """A token that the platform's own key signed, and that ended a second ago."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "ACCESS_LIFE", timedelta(seconds=-1))
        return token(tokens.AccessTokens(token_key(town.platform.directory.token_key())), root)


def token(signer: tokens.AccessTokens, root: str) -> str:
    return f"Bearer {signer.issue(uuid4(), uuid4(), 0, [Grant(Role.ZONE_OFFICER, UUID(root))])}"


VOIDING = {"reason_code": "recorded_twice"}
CORRECTION = {"held_on": "2999-01-01", "sessions": 1, "reason_code": "wrong_date"}

#: What the words of some codes name: where the activity stands and what it allows, and the business day.
NAMED = {"state": "closed", "possible": "correct, void", "today": datetime.now(SHANGHAI).date().isoformat()}

#: The code that each request is refused with, and the request; `headers` are those of the language.
REFUSED: list[tuple[str, Callable[[Desk, Mapping[str, str]], requests.Response]]] = [
    ("role_not_allowed", lambda desk, headers: desk.analyst.post(ACTIVITIES, desk.draft(), **headers)),
    ("outside_scope", lambda desk, headers: desk.stranger.post(ACTIVITIES, desk.draft(), **headers)),
    ("outside_scope", lambda desk, headers: desk.stranger.post(desk.step("void"), VOIDING, **headers)),
    ("token_expired", lambda desk, headers: desk.late.post(ACTIVITIES, desk.draft(), **headers)),
    ("not_authenticated", lambda desk, headers: desk.forger.post(ACTIVITIES, desk.draft(), **headers)),
    ("stale_version", lambda desk, headers: desk.checker.post(desk.step("void"), VOIDING, If_Match='"1"', **headers)),
    ("maker_is_checker", lambda desk, headers: desk.officer.post(desk.step("void"), VOIDING, **headers)),
    ("illegal_transition", lambda desk, headers: desk.officer.post(desk.step("submit"), **headers)),
    ("date_in_future", lambda desk, headers: desk.checker.post(desk.step("correct"), CORRECTION, **headers)),
    (
        "idempotency_key_reused",
        lambda desk, headers: desk.officer.post(
            "/v1/activities", desk.draft(title="Another"), desk.used_key, **headers
        ),
    ),
    (
        "body_too_large",
        lambda desk, headers: desk.officer.post(ACTIVITIES, desk.draft(title="x" * TOO_LARGE), **headers),
    ),
    ("malformed_json", lambda desk, headers: desk.officer.post(ACTIVITIES, b'{"kind": "study",', **headers)),
    ("invalid_request", lambda desk, headers: desk.officer.post(ACTIVITIES, desk.draft(colour="red"), **headers)),
    ("invalid_request", lambda desk, headers: desk.officer.post(ACTIVITIES, desk.draft(quota="12"), **headers)),
    ("not_found", lambda desk, headers: desk.checker.post(f"/v1/activities/{uuid4()}/void", VOIDING, **headers)),
]


@pytest.mark.parametrize(("code", "ask"), REFUSED, ids=[f"{n}-{code}" for n, (code, _) in enumerate(REFUSED)])
def test_a_refusal_says_why_in_both_languages_and_leaves_no_trace(
    town: Town, desk: Desk, code: str, ask: Callable[..., requests.Response]
) -> None:
    before, errors = contents(town.books), logged_errors(town)
    for language in catalogue.LANGUAGES:
        answer = ask(desk, {"Accept_Language": language})
        problem = answer.json()
        assert (problem["code"], answer.status_code) == (code, catalogue.entry(code).status)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert problem["messages"] == {each: catalogue.text(code, each, **NAMED) for each in catalogue.LANGUAGES}
        assert problem["detail"] == problem["messages"][language]
        assert problem["trace_id"] == answer.headers["Trace-Id"]
    assert changed(before, contents(town.books)) == set()
    assert logged_errors(town) == errors


def logged_errors(town: Town) -> int:
    """Lines in the logs of all processes that an operator would have to look into."""
    logs = [town.platform.directory.log(process).read_text("utf-8") for process in town.platform.process_names()]
    return sum('"level": "error"' in line for log in logs for line in log.splitlines())


@pytest.mark.parametrize(
    ("changes", "field", "code", "params"),
    [
        ({"colour": "red"}, "colour", "unknown_field", {}),
        ({"quota": "12"}, "quota", "not_an_integer", {}),
        ({"quota": 0}, "quota", "number_range", {"least": "1", "most": str(MAX_INTEGER)}),
        ({"kind": "dance"}, "kind", "unknown_code", {"choices": "study, competition"}),
    ],
)
def test_a_bad_field_is_named_with_its_own_words(
    desk: Desk, changes: dict[str, Any], field: str, code: str, params: dict[str, str]
) -> None:
    errors = desk.officer.post(ACTIVITIES, desk.draft(**changes)).json()["errors"]
    messages = {language: catalogue.text(code, language, **params) for language in catalogue.LANGUAGES}
    row = {"field": field, "code": code, "messages": messages}
    assert errors == [{**row, "params": params} if params else row]
