"""Changing one's own password."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from chassis.idempotency import digest
from chassis.tables import idempotency
from contracts.gateway.accounts import ChangePassword
from gateway.accounts import passwords
from gateway.sessions.attempts import client_digest
from gateway.sessions.models import SignInAttempts
from gateway.sessions.rules import FREE_ATTEMPTS
from tests.gateway.harness import ADMINISTRATORS, DIGEST_KEY, PASSWORD, World
from tests.gateway.test_errors import assert_problem

NAME, OTHER = ADMINISTRATORS
NEW = "another long password"


def change(world: World, token: str, current: str = PASSWORD, new: str = NEW, **details: Any) -> Any:
    return world.post("/v1/me/password", {"current_password": current, "new_password": new}, token, **details)


def sign_in(world: World, password: str) -> Any:
    return world.post("/v1/sessions", {"username": NAME, "password": password})


def attempts(world: World) -> int:
    with world.database.reader.connect() as connection:
        counted = SignInAttempts.username_digest == client_digest(NAME, "")
        return connection.scalar(select(SignInAttempts.attempts).where(counted)) or 0


def test_the_new_password_signs_in_and_the_old_one_does_not(world: World) -> None:
    answer = change(world, world.token(NAME))

    assert (answer.status_code, answer.json) == (200, {})
    assert sign_in(world, NEW).status_code == 201
    assert_problem(sign_in(world, PASSWORD), 401, "invalid_credentials")


def test_every_other_session_of_the_account_ends_and_the_present_one_goes_on(world: World) -> None:
    present, elsewhere, of_another = world.sign_in(NAME), world.sign_in(NAME), world.sign_in(OTHER)
    change(world, present["access_token"])

    assert_problem(world.get("/v1/me", elsewhere["access_token"]), 401, "not_authenticated")
    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": elsewhere["refresh_token"]})
    assert_problem(refreshed, 401, "session_over")
    for tokens in (present, of_another):
        assert world.get("/v1/me", tokens["access_token"]).status_code == 200
        assert world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 201


def test_whoever_signs_in_with_the_old_password_while_it_is_changed_stays_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, matches = world.token(NAME), passwords.matches

    def slowly(*arguments: Any) -> bool:
        monkeypatch.setattr(passwords, "matches", matches)
        assert change(world, token).status_code == 200
        return matches(*arguments)

    monkeypatch.setattr(passwords, "matches", slowly)

    assert_problem(sign_in(world, PASSWORD), 401, "invalid_credentials")


def test_a_wrong_current_password_changes_nothing_and_counts_as_an_attempt_to_sign_in(world: World) -> None:
    token = world.token(NAME)
    answer = change(world, token, current="wrong password")

    assert_problem(answer, 422, "current_password_wrong")
    assert answer.json["field"] == "current_password"
    assert attempts(world) == 1
    assert sign_in(world, PASSWORD).status_code == 201


def test_whoever_guesses_with_a_stolen_token_has_to_wait(world: World) -> None:
    token = world.token(NAME)
    for _ in range(FREE_ATTEMPTS):
        assert change(world, token, current="wrong password").status_code == 422

    for answer in (change(world, token), sign_in(world, PASSWORD)):
        assert_problem(answer, 429, "too_many_requests")


def test_guesses_at_the_same_moment_are_all_counted(world: World) -> None:
    guess = partial(change, world, world.token(NAME), current="wrong password")
    answers = world.collide("sign_in_attempts", *[guess] * (FREE_ATTEMPTS - 1))

    assert {answer.status_code for answer in answers} == {422}
    assert attempts(world) == FREE_ATTEMPTS - 1


def test_the_right_current_password_ends_the_count(world: World) -> None:
    token = world.token(NAME)
    for _ in range(FREE_ATTEMPTS - 1):
        change(world, token, current="wrong password")
    change(world, token)

    assert attempts(world) == 0


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("seven77", "password_too_short"),
        ("my First.Admin 1", "password_has_username"),
        ("12345678", "password_too_simple"),
        ("Password1!", "password_too_common"),
    ],
)
def test_a_new_password_that_is_easily_guessed_is_refused_and_tells_nothing_of_the_current_one(
    world: World, new: str, code: str
) -> None:
    token = world.token(NAME)
    for current in (PASSWORD, "wrong password"):
        answer = change(world, token, current, new)

        assert_problem(answer, 422, "invalid_request")
        assert [(row["field"], row["code"]) for row in answer.json["errors"]] == [("new_password", code)]
    assert attempts(world) == 0


def test_a_repeated_change_is_answered_as_the_first(world: World) -> None:
    token, headers = world.token(NAME), {"Idempotency-Key": "once"}
    first, second = (change(world, token, headers=headers) for _ in range(2))

    assert (second.status_code, second.json) == (first.status_code, first.json) == (200, {})
    assert attempts(world) == 0
    assert sign_in(world, NEW).status_code == 201


def test_a_refused_change_leaves_its_key_free(world: World) -> None:
    token, headers = world.token(NAME), {"Idempotency-Key": "once"}

    assert change(world, token, current="wrong password", headers=headers).status_code == 422
    assert change(world, token, headers=headers).status_code == 200
    assert sign_in(world, NEW).status_code == 201


def test_a_refused_change_leaves_the_answers_under_other_keys(world: World) -> None:
    token, headers = world.token(NAME), {"Idempotency-Key": "once"}
    body = {"username": "clerk", "password": PASSWORD}
    first = world.post("/v1/accounts", body, token, headers=headers)
    change(world, token, current="wrong password")

    assert world.post("/v1/accounts", body, token, headers=headers).json == first.json


def test_nothing_is_kept_of_either_password_under_the_key(world: World) -> None:
    change(world, world.token(NAME))
    with world.database.reader.connect() as connection:
        kept = connection.execute(select(idempotency.c.digest, idempotency.c.reply)).one()

    assert (bytes(kept.digest), kept.reply) == (digest(DIGEST_KEY, ChangePassword.operation.wire_name, {}, None), {})
