"""Signing in, refreshing and signing out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from eventlet.semaphore import Semaphore
from sqlalchemy import delete, func, select, update
from werkzeug.test import Client

from chassis import offload
from gateway.accounts import passwords
from gateway.assembly import assemble
from gateway.sessions import attempts
from gateway.sessions.models import RefreshToken, SignedInSession, SignInAttempts
from gateway.sessions.revocation import Revocations
from gateway.sessions.rules import FORGOTTEN_AFTER, FREE_ATTEMPTS, SESSION_LIFE
from gateway.sessions.sweeping import KEPT, sweep
from tests.gateway.harness import ADMINISTRATORS, PASSWORD, World, bearer
from tests.gateway.test_errors import assert_problem

NAME = ADMINISTRATORS[0]
WRONG = "wrong password"
GUESSER, OWNER = "192.0.2.1", "198.51.100.7"


class Tomorrow(datetime):
    """A clock that is a day ahead."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime.now(tz) + timedelta(days=1)


def attempt(world: World, username: str, password: str = WRONG, address: str = GUESSER) -> Any:
    body = {"username": username, "password": password}
    return world.post("/v1/sessions", body, environ_base={"REMOTE_ADDR": address})


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


def test_whoever_guesses_does_not_keep_the_owner_out(world: World) -> None:
    for _ in range(FREE_ATTEMPTS + 3):
        attempt(world, NAME)

    assert_problem(attempt(world, NAME), 429, "too_many_requests")
    assert attempt(world, NAME, PASSWORD, OWNER).status_code == 201


def test_the_owners_right_password_gives_whoever_guesses_no_new_attempts(world: World) -> None:
    for _ in range(FREE_ATTEMPTS):
        attempt(world, NAME)
    attempt(world, NAME, PASSWORD, OWNER)

    assert_problem(attempt(world, NAME), 429, "too_many_requests")


def test_a_customers_addresses_are_one_client(world: World) -> None:
    for number in range(FREE_ATTEMPTS):
        attempt(world, NAME, address=f"2001:db8:0:1::{number}")

    assert_problem(attempt(world, NAME, address="2001:db8:0:1:ffff::1"), 429, "too_many_requests")
    assert attempt(world, NAME, address="2001:db8:0:2::1").status_code == 401


def guess_from_everywhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many attempts as strangers have in a day, each from an address of its own."""
    monkeypatch.setattr(attempts, "STRANGERS_ATTEMPTS", 8)
    for number in range(8):
        assert attempt(world, NAME, address=f"192.0.2.{number}").status_code == 401


def test_strangers_together_have_to_wait_too_and_do_not_keep_out_who_signed_in_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt(world, NAME, PASSWORD, OWNER)
    change(world, delete(SignInAttempts))
    guess_from_everywhere(world, monkeypatch)

    assert_problem(attempt(world, NAME, PASSWORD, "203.0.113.1"), 429, "too_many_requests")
    assert attempt(world, ADMINISTRATORS[1], PASSWORD, "203.0.113.1").status_code == 201
    assert attempt(world, NAME, PASSWORD, OWNER).status_code == 201


def test_a_client_that_only_strangers_keep_out_has_made_no_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess_from_everywhere(world, monkeypatch)
    counted = rows(world, SignInAttempts)
    for _ in range(FREE_ATTEMPTS):
        attempt(world, NAME, PASSWORD, "203.0.113.1")

    assert rows(world, SignInAttempts) == counted


def test_strangers_begin_anew_with_the_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    guess_from_everywhere(world, monkeypatch)
    monkeypatch.setattr(attempts, "datetime", Tomorrow)

    assert attempt(world, NAME, PASSWORD, "203.0.113.1").status_code == 201


@pytest.mark.parametrize(("trusted", "owner"), [(0, 429), (1, 201), (2, 429)])
def test_a_client_is_known_by_what_trusted_proxies_say_and_else_by_its_own_address(
    world: World, trusted: int, owner: int
) -> None:
    assembly = assemble(world.database, world.runner, world.services, lambda: True, trusted_proxies=trusted)
    client = Client(assembly.application)

    def through(said: str, password: str) -> int:
        body = {"username": NAME, "password": password}
        headers, peer = {"X-Forwarded-For": said}, {"REMOTE_ADDR": "10.0.0.1"}
        return client.post("/v1/sessions", json=body, headers=headers, environ_base=peer).status_code

    for number in range(FREE_ATTEMPTS):
        through(f"10.9.9.{number}, {GUESSER}" if trusted == 1 else GUESSER, WRONG)

    assert through(GUESSER, PASSWORD) == 429
    assert through(OWNER, PASSWORD) == owner


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
    # of strangers at each of the two names, and of the one who had the wrong password
    assert (rows(world, SignedInSession), rows(world, SignInAttempts)) == (1, 3)

    change(world, update(SignedInSession).values(expires_at=datetime.now(UTC) - KEPT - timedelta(days=1)))
    change(world, update(SignInAttempts).values(last_at=datetime.now(UTC) - FORGOTTEN_AFTER - timedelta(hours=1)))
    sweep(world.database)

    assert (rows(world, SignedInSession), rows(world, RefreshToken), rows(world, SignInAttempts)) == (0, 0, 0)
