"""Signing in with a second factor, and enrolling one."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from contracts.roles import Role
from gateway.accounts import passwords
from gateway.second_factor.models import RecoveryCode, SecondFactor
from gateway.second_factor.rules import RECOVERY_CODES
from gateway.second_factor.sealing import unseal
from gateway.sessions.attempts import client_digest
from gateway.sessions.models import SignInAttempts
from gateway.sessions.rules import FREE_ATTEMPTS
from kernel.crypto.errors import BrokenSeal
from tests.gateway.apps import Clock, Enrolled, begin, confirm, enrol, sign_in
from tests.gateway.harness import ADMINISTRATORS, World
from tests.gateway.test_errors import assert_problem
from tests.support.authenticator import App
from tests.support.logged import logged

NAME, OTHER = ADMINISTRATORS


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def enrolled(world: World, clock: Clock) -> Enrolled:
    """The first administrator's."""
    return enrol(world, world.token(NAME), clock)


def attempts(world: World) -> int:
    counted = SignInAttempts.username_digest == client_digest(NAME, "")
    with world.database.reader.connect() as connection:
        return connection.scalar(select(SignInAttempts.attempts).where(counted)) or 0


def stored(world: World, *columns: Any) -> list[Any]:
    with world.database.reader.connect() as connection:
        return list(connection.execute(select(*columns)))


def test_enrolling_gives_a_secret_in_the_form_that_apps_read(world: World) -> None:
    begun = begin(world, world.token(NAME))
    uri = urlsplit(begun.json["uri"])

    assert (begun.status_code, begun.json["state"]) == (201, "pending")
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", f"/unionhall:{NAME}")
    assert parse_qs(uri.query) == {
        "secret": [begun.json["secret"]],
        "issuer": ["unionhall"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


def test_an_app_that_is_not_confirmed_is_not_asked_for(world: World) -> None:
    begin(world, world.token(NAME))

    assert sign_in(world, NAME).status_code == 201


def test_with_a_confirmed_app_the_password_alone_gives_no_session(world: World, enrolled: Enrolled) -> None:
    assert_problem(sign_in(world, NAME), 401, "second_factor_needed")

    signed_in = sign_in(world, NAME, enrolled.app.code())
    assert (signed_in.status_code, signed_in.json["must_enrol"]) == (201, False)
    assert world.get("/v1/me", signed_in.json["access_token"]).json["account"]["second_factor"] is True


def test_another_account_signs_in_as_before(world: World, enrolled: Enrolled) -> None:
    signed_in = sign_in(world, OTHER)

    assert signed_in.status_code == 201
    assert world.get("/v1/me", signed_in.json["access_token"]).json["account"]["second_factor"] is False
    assert sign_in(world, OTHER, enrolled.app.code()).status_code == 201


def test_administrators_see_who_has_a_second_factor(world: World, enrolled: Enrolled) -> None:
    page = world.get("/v1/accounts", world.token(OTHER)).json

    assert {one["username"]: one["second_factor"] for one in page["items"]} == {NAME: True, OTHER: False}


def test_whoever_signed_in_without_the_app_is_out_once_it_is_confirmed(world: World, clock: Clock) -> None:
    present, elsewhere = world.sign_in(NAME), world.sign_in(NAME)
    enrol(world, present["access_token"], clock)

    assert_problem(world.get("/v1/me", elsewhere["access_token"]), 401, "not_authenticated")
    for tokens, status in ((elsewhere, 401), (present, 201)):
        assert world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == status


def test_whoever_signs_in_with_the_password_alone_while_the_app_is_confirmed_stays_out(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, matches = world.token(NAME), passwords.matches

    def slowly(*arguments: Any) -> bool:
        monkeypatch.setattr(passwords, "matches", matches)
        enrol(world, token, clock)
        return matches(*arguments)

    monkeypatch.setattr(passwords, "matches", slowly)

    assert_problem(sign_in(world, NAME), 401, "second_factor_needed")


def test_a_code_is_not_asked_for_again_while_the_session_lasts(world: World, enrolled: Enrolled) -> None:
    tokens = sign_in(world, NAME, enrolled.app.code()).json

    assert world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 201


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 201), (0, 201), (1, 201), (2, 401)])
def test_clocks_may_differ_by_one_code(world: World, clock: Clock, enrolled: Enrolled, steps: int, status: int) -> None:
    clock.tick(5)

    assert sign_in(world, NAME, enrolled.app.code(steps)).status_code == status


@pytest.mark.parametrize("spelled", [" {0}{1} ", "{0} {1}", "{0}-{1}"])
def test_blanks_and_hyphens_in_a_code_do_not_matter(world: World, enrolled: Enrolled, spelled: str) -> None:
    code = enrolled.app.code()

    assert sign_in(world, NAME, spelled.format(code[:3], code[3:])).status_code == 201


def test_a_code_lets_in_once_and_none_before_it(world: World, clock: Clock, enrolled: Enrolled) -> None:
    clock.tick()
    before, code = enrolled.app.code(-1), enrolled.app.code()
    assert sign_in(world, NAME, code).status_code == 201

    for used in (code, before):
        assert_problem(sign_in(world, NAME, used), 401, "second_factor_wrong")
    clock.tick()
    assert sign_in(world, NAME, enrolled.app.code()).status_code == 201


def test_the_code_that_confirmed_the_app_is_used_up(world: World, enrolled: Enrolled) -> None:
    assert_problem(sign_in(world, NAME, enrolled.app.code(-1)), 401, "second_factor_wrong")


@pytest.mark.parametrize("kind", ["shown", "recovery"])
def test_of_two_who_bring_one_code_at_the_same_moment_one_gets_in(world: World, enrolled: Enrolled, kind: str) -> None:
    code, table = {
        "shown": (enrolled.app.code(), "second_factor"),
        "recovery": (enrolled.recovery_codes[0], "recovery_code"),
    }[kind]
    answers = world.collide(table, *[partial(sign_in, world, NAME, code)] * 2)

    assert sorted(answer.status_code for answer in answers) == [201, 401]


def test_a_wrong_password_uses_no_code_up_and_says_nothing_of_it(world: World, enrolled: Enrolled) -> None:
    for code in (enrolled.app.code(), enrolled.app.wrong(), enrolled.recovery_codes[0], None):
        assert_problem(sign_in(world, NAME, code, "wrong password"), 401, "invalid_credentials")

    assert len(stored(world, RecoveryCode.digest)) == RECOVERY_CODES
    assert sign_in(world, NAME, enrolled.app.code()).status_code == 201


def test_a_wrong_code_counts_as_an_attempt_until_both_are_right(world: World, enrolled: Enrolled) -> None:
    assert_problem(sign_in(world, NAME, enrolled.app.wrong()), 401, "second_factor_wrong")
    assert_problem(sign_in(world, NAME), 401, "second_factor_needed")
    assert attempts(world) == 2

    assert sign_in(world, NAME, enrolled.app.code()).status_code == 201
    assert attempts(world) == 0


def test_whoever_guesses_codes_has_to_wait(world: World, enrolled: Enrolled) -> None:
    for _ in range(FREE_ATTEMPTS):
        assert_problem(sign_in(world, NAME, enrolled.app.wrong()), 401, "second_factor_wrong")

    assert_problem(sign_in(world, NAME, enrolled.app.code()), 429, "too_many_requests")


def test_each_recovery_code_stands_in_for_the_app_once(world: World, enrolled: Enrolled) -> None:
    assert len(set(enrolled.recovery_codes)) == RECOVERY_CODES
    for code in enrolled.recovery_codes:
        assert sign_in(world, NAME, code).status_code == 201
        assert_problem(sign_in(world, NAME, code), 401, "second_factor_wrong")


def test_how_a_recovery_code_is_typed_does_not_matter(world: World, enrolled: Enrolled) -> None:
    assert sign_in(world, NAME, f" {enrolled.recovery_codes[0].upper().replace('-', ' ')}").status_code == 201


def test_the_recovery_code_of_one_account_lets_nobody_else_in(world: World, clock: Clock, enrolled: Enrolled) -> None:
    others = enrol(world, world.token(OTHER), clock)

    assert_problem(sign_in(world, NAME, others.recovery_codes[0]), 401, "second_factor_wrong")
    assert_problem(sign_in(world, NAME, others.app.code()), 401, "second_factor_wrong")


@pytest.mark.parametrize("code", ["", "x" * 41])
def test_what_can_be_no_code_is_refused_by_its_form(world: World, code: str) -> None:
    assert_problem(sign_in(world, NAME, code), 422, "invalid_request")


def test_enrolling_asks_for_the_password_and_counts_a_wrong_one(world: World) -> None:
    answer = begin(world, world.token(NAME), "wrong password")

    assert_problem(answer, 422, "current_password_wrong")
    assert (answer.json["field"], attempts(world)) == ("current_password", 1)
    assert stored(world, SecondFactor.id) == []


def test_a_first_code_that_is_wrong_confirms_nothing_and_counts(world: World, clock: Clock) -> None:
    token = world.token(NAME)
    app = App(begin(world, token).json["secret"])
    for _ in range(FREE_ATTEMPTS):
        answer = confirm(world, token, app.wrong())
        assert_problem(answer, 422, "code_wrong")
        assert answer.json["field"] == "code"

    assert_problem(confirm(world, token, app.code()), 429, "too_many_requests")
    assert [row.state for row in stored(world, SecondFactor.state)] == ["pending"]


def test_nothing_is_confirmed_before_it_is_begun_or_twice(world: World, clock: Clock) -> None:
    token = world.token(NAME)
    assert_problem(confirm(world, token, "000000"), 409, "no_second_factor")

    enrolled = enrol(world, token, clock)
    assert_problem(confirm(world, token, enrolled.app.code()), 409, "no_second_factor")


def test_begun_again_the_first_secret_is_forgotten(world: World, clock: Clock) -> None:
    token = world.token(NAME)
    first, second = (App(begin(world, token).json["secret"]) for _ in range(2))

    assert_problem(confirm(world, token, first.code()), 422, "code_wrong")
    assert confirm(world, token, second.code()).status_code == 200


@pytest.mark.parametrize("code", [None, "wrong"])
def test_an_app_is_not_replaced_without_a_code_of_it(world: World, enrolled: Enrolled, code: str | None) -> None:
    token = sign_in(world, NAME, enrolled.recovery_codes[0]).json["access_token"]

    assert_problem(begin(world, token, code=code and enrolled.app.wrong()), 422, "code_wrong")
    assert attempts(world) == 1


def test_an_app_counts_until_the_one_that_replaces_it_does(world: World, clock: Clock, enrolled: Enrolled) -> None:
    token = sign_in(world, NAME, enrolled.app.code()).json["access_token"]
    clock.tick()
    new = App(begin(world, token, code=enrolled.app.code()).json["secret"])
    clock.tick()
    assert_problem(sign_in(world, NAME, new.code()), 401, "second_factor_wrong")
    assert sign_in(world, NAME, enrolled.app.code()).status_code == 201

    codes = confirm(world, token, new.code()).json["recovery_codes"]
    clock.tick()
    for old in (enrolled.app.code(), enrolled.recovery_codes[0]):
        assert_problem(sign_in(world, NAME, old), 401, "second_factor_wrong")
    for now in (new.code(), codes[0]):
        assert sign_in(world, NAME, now).status_code == 201


def test_whoever_lost_the_app_replaces_it_with_recovery_codes(world: World, clock: Clock, enrolled: Enrolled) -> None:
    token = sign_in(world, NAME, enrolled.recovery_codes[0]).json["access_token"]

    assert enrol(world, token, clock, code=enrolled.recovery_codes[1]).app != enrolled.app


def test_neither_the_database_nor_the_log_holds_a_secret_or_a_code(world: World, clock: Clock) -> None:
    with logged() as written:
        token = world.token(NAME)
        begun = begin(world, token).json
        app = App(begun["secret"])
        codes = confirm(world, token, app.code()).json["recovery_codes"]
        sign_in(world, NAME, app.wrong())
        sign_in(world, NAME, codes[0])
        clock.tick()
        sign_in(world, NAME, app.code())
    dump = json.dumps([[bytes(value).hex() for value in row] for row in stored(world, RecoveryCode.digest)])
    sealed = stored(world, SecondFactor.sealed_secret)[0].sealed_secret

    held = [begun["secret"], begun["uri"], *codes, *(code.replace("-", "") for code in codes)]
    everything = written.getvalue() + dump + bytes(sealed).decode("latin-1")
    assert [one for one in held if one in everything or one.encode().hex() in everything] == []


def test_a_sealed_secret_opens_in_its_own_row_alone(world: World, enrolled: Enrolled) -> None:
    [row] = stored(world, SecondFactor.id, SecondFactor.sealed_secret)

    assert len(unseal(row.id, bytes(row.sealed_secret))) == 20
    with pytest.raises(BrokenSeal):
        unseal(uuid4(), bytes(row.sealed_secret))


@pytest.mark.parametrize("ask", [begin, partial(confirm, code="000000")])
def test_a_token_of_an_account_that_is_not_there_enrols_nothing(world: World, ask: Callable[..., Any]) -> None:
    assert_problem(ask(world, world.token_of(Role.WORKER, account_id=UUID(int=1))), 404, "not_found")
