"""Signing in, refreshing and signing out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from eventlet.semaphore import Semaphore
from sqlalchemy import func, select, update

from chassis import offload
from gateway.accounts import passwords
from gateway.sessions.models import RefreshToken, SignedInSession, SignInAttempts
from gateway.sessions.revocation import Revocations
from gateway.sessions.rules import FORGOTTEN_AFTER, FREE_ATTEMPTS, SESSION_LIFE
from gateway.sessions.sweeping import KEPT, sweep
from tests.gateway.harness import ADMINISTRATORS, PASSWORD, World, bearer
from tests.gateway.test_errors import assert_problem

NAME = ADMINISTRATORS[0]
WRONG = "wrong password"


def attempt(world: World, username: str, password: str = WRONG) -> Any:
    return world.post("/v1/sessions", {"username": username, "password": password})


def refresh(world: World, token: str) -> Any:
    return world.post("/v1/sessions/refresh", {"refresh_token": token})


def change(world: World, statement: Any) -> None:
    with world.database.writer.begin() as connection:
        connection.execute(statement)


def rows(world: World, model: type[Any]) -> int:
    with world.database.reader.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model)) or 0


def test_a_signed_in_account_reads_itself(world: World) -> None:
    answer = world.get("/v1/me", world.token(NAME))

    assert answer.status_code == 200
    assert answer.json["account"]["username"] == NAME
    assert [grant["role"] for grant in answer.json["grants"]] == ["security_admin"]


def test_signing_in_gives_both_tokens_and_their_life(world: World) -> None:
    signed_in = world.sign_in(NAME)

    assert signed_in["token_type"] == "Bearer"
    assert signed_in["expires_in"] == 600


@pytest.mark.parametrize("username", ["First.Admin", "FIRST.ADMIN", "ｆｉｒｓｔ.ａｄｍｉｎ", " first.admin "])
def test_case_and_width_of_a_user_name_do_not_matter(world: World, username: str) -> None:
    assert attempt(world, username, PASSWORD).status_code == 201


def test_signing_in_needs_no_key_and_takes_one(world: World) -> None:
    body = {"username": NAME, "password": PASSWORD}

    assert world.client.post("/v1/sessions", json=body).status_code == 201


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda stored, given: hashes.append(stored) or verify(stored, given))
    wrong, unknown = attempt(world, NAME), attempt(world, "nobody")

    assert_problem(wrong, 401, "invalid_credentials")
    assert_problem(unknown, 401, "invalid_credentials")
    assert {**wrong.json, "trace_id": ""} == {**unknown.json, "trace_id": ""}
    # both cost one hash with the same parameters
    assert len(hashes) == 2
    assert hashes[0].rpartition("$")[0].rpartition("$")[0] == hashes[1].rpartition("$")[0].rpartition("$")[0]


def test_the_decoys_own_password_lets_nobody_in(world: World) -> None:
    assert_problem(attempt(world, "nobody", "nobody's"), 401, "invalid_credentials")


@pytest.mark.parametrize("username", [NAME, "nobody"])
def test_whoever_guesses_has_to_wait(world: World, username: str) -> None:
    for _ in range(FREE_ATTEMPTS):
        assert attempt(world, username).status_code == 401

    answer = attempt(world, username, PASSWORD)

    assert_problem(answer, 429, "too_many_requests")
    assert answer.headers["Retry-After"] == "1"


def test_the_wait_doubles_and_a_blocked_attempt_does_not_count(world: World) -> None:
    for expected in ("1", "2", "4"):
        while (answer := attempt(world, NAME)).status_code == 401:
            pass
        assert answer.headers["Retry-After"] == expected
        attempt(world, NAME)
        change(world, update(SignInAttempts).values(blocked_until=datetime.now(UTC)))


def test_the_right_password_ends_the_count(world: World) -> None:
    for _ in range(FREE_ATTEMPTS - 1):
        attempt(world, NAME)
    assert attempt(world, NAME, PASSWORD).status_code == 201

    for _ in range(FREE_ATTEMPTS - 1):
        assert attempt(world, NAME).status_code == 401
    assert attempt(world, NAME, PASSWORD).status_code == 201


def test_attempts_are_forgotten_after_a_day(world: World) -> None:
    for _ in range(FREE_ATTEMPTS):
        attempt(world, NAME)
    long_ago = datetime.now(UTC) - FORGOTTEN_AFTER - timedelta(minutes=1)
    change(world, update(SignInAttempts).values(last_at=long_ago, blocked_until=long_ago))

    for _ in range(FREE_ATTEMPTS):
        assert attempt(world, NAME).status_code == 401


def test_a_storm_of_sign_ins_is_told_to_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offload, "_places", Semaphore(0))

    assert_problem(attempt(world, NAME, PASSWORD), 429, "too_many_requests")


def test_an_attempt_whose_password_nobody_looked_at_does_not_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as storm:
        storm.setattr(offload, "_places", Semaphore(0))
        for _ in range(FREE_ATTEMPTS):
            attempt(world, NAME, PASSWORD)

    assert rows(world, SignInAttempts) == 0
    assert attempt(world, NAME, PASSWORD).status_code == 201


def test_a_refresh_token_gives_new_tokens_once(world: World) -> None:
    first = world.sign_in(NAME)
    second = refresh(world, first["refresh_token"])

    assert second.status_code == 201
    assert world.get("/v1/me", second.json["access_token"]).status_code == 200
    assert refresh(world, second.json["refresh_token"]).status_code == 201


def test_a_second_use_of_a_refresh_token_ends_the_session(world: World) -> None:
    first = world.sign_in(NAME)
    second = refresh(world, first["refresh_token"]).json

    assert_problem(refresh(world, first["refresh_token"]), 401, "session_over")

    assert_problem(refresh(world, second["refresh_token"]), 401, "session_over")
    for tokens in (first, second):
        assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "not_authenticated")


def test_another_session_of_the_account_goes_on(world: World) -> None:
    copied, other = world.sign_in(NAME), world.sign_in(NAME)
    for _ in range(2):
        refresh(world, copied["refresh_token"])

    assert world.get("/v1/me", other["access_token"]).status_code == 200
    assert refresh(world, other["refresh_token"]).status_code == 201


def test_a_token_that_was_never_given_refreshes_nothing(world: World) -> None:
    assert_problem(refresh(world, "made up"), 401, "session_over")


def test_a_session_ends_with_its_day(world: World) -> None:
    token = world.sign_in(NAME)["refresh_token"]
    change(world, update(SignedInSession).values(expires_at=SignedInSession.expires_at - SESSION_LIFE))

    assert_problem(refresh(world, token), 401, "session_over")


def test_the_database_holds_no_token(world: World) -> None:
    tokens = world.sign_in(NAME)
    with world.database.reader.connect() as connection:
        stored = connection.scalars(select(RefreshToken.digest)).all()

    assert [len(digest) for digest in stored] == [32]
    assert tokens["refresh_token"].encode() not in [bytes(digest) for digest in stored]


def test_signing_out_ends_both_tokens_at_once(world: World) -> None:
    tokens = world.sign_in(NAME)
    answer = world.post("/v1/sessions/end", None, tokens["access_token"])

    assert (answer.status_code, answer.json) == (200, {})
    assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "not_authenticated")
    assert_problem(refresh(world, tokens["refresh_token"]), 401, "session_over")


def test_signing_out_of_two_sessions_under_one_key_ends_both(world: World) -> None:
    sessions = [world.sign_in(NAME) for _ in range(2)]
    for tokens in sessions:
        world.post("/v1/sessions/end", None, tokens["access_token"], headers={"Idempotency-Key": "once"})

    for tokens in sessions:
        assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "not_authenticated")
        assert_problem(refresh(world, tokens["refresh_token"]), 401, "session_over")


def test_signing_out_needs_no_key(world: World) -> None:
    answer = world.client.post("/v1/sessions/end", headers=bearer(world.token(NAME)))

    assert (answer.status_code, answer.json) == (200, {})


def test_another_gateway_process_learns_of_it_at_its_next_look(world: World) -> None:
    other = Revocations(world.database)
    other.look()
    tokens = world.sign_in(NAME)
    world.post("/v1/sessions/end", None, tokens["access_token"])
    with world.database.reader.connect() as connection:
        ended = connection.scalars(select(SignedInSession.id).where(SignedInSession.ended_at.is_not(None))).one()

    other.look()

    assert ended in other._ended


def test_without_a_database_the_last_look_holds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    token = world.token(NAME)
    world.post("/v1/sessions/end", None, token)
    broken = type(world.database)("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(world.revocations, "_database", broken)

    world.revocations.look_if_possible()

    assert world.revocations.fresh
    assert_problem(world.get("/v1/me", token), 401, "not_authenticated")


def test_a_sweep_leaves_what_can_still_matter(world: World) -> None:
    world.sign_in(NAME)
    attempt(world, "somebody")
    sweep(world.database)
    assert (rows(world, SignedInSession), rows(world, SignInAttempts)) == (1, 1)

    change(world, update(SignedInSession).values(expires_at=datetime.now(UTC) - KEPT - timedelta(days=1)))
    change(world, update(SignInAttempts).values(last_at=datetime.now(UTC) - FORGOTTEN_AFTER - timedelta(hours=1)))
    sweep(world.database)

    assert (rows(world, SignedInSession), rows(world, RefreshToken), rows(world, SignInAttempts)) == (0, 0, 0)
