"""Accounts: the first two, the others, and shutting one out."""

from concurrent.futures import Future, ThreadPoolExecutor
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from chassis.actor import SYSTEM
from chassis.commands import HANDLERS, Call
from chassis.errors import Refused
from contracts.gateway import accounts
from contracts.roles import Role
from gateway.accounts import passwords
from gateway.accounts.models import Account
from gateway.base import Base
from gateway.sessions import attempts
from tests.gateway.harness import ADMINISTRATORS, PASSWORD, World
from tests.gateway.test_errors import assert_problem
from unionctl.processes import wait_until

PAIR = [{"username": name, "password": PASSWORD} for name in ("one.more", "yet.another")]


@pytest.fixture
def empty(world: World) -> World:
    with world.database.writer.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in Base.metadata.sorted_tables)}"))
    return world


def bootstrapped(world: World, pair: list[dict[str, str]]) -> Any:
    try:
        return world.bootstrap(pair)
    except Refused as refused:
        return refused.code


def test_the_first_two_accounts_are_security_administrators(empty: World) -> None:
    empty.bootstrap(PAIR)

    for each in PAIR:
        grants = empty.get("/v1/me", empty.token(each["username"])).json["grants"]
        assert [(grant["role"], grant["state"]) for grant in grants] == [("security_admin", "active")]


def test_there_are_first_accounts_only_once(world: World) -> None:
    assert bootstrapped(world, PAIR) == "accounts_exist"


def test_a_bootstrap_whose_answer_was_lost_is_asked_for_again(empty: World) -> None:
    first = empty.bootstrap(PAIR)

    assert empty.bootstrap(PAIR) == first
    assert empty.bootstrap(PAIR[::-1])["accounts"] == first["accounts"][::-1]


@pytest.mark.parametrize("changes", [{"password": f"{PASSWORD}, but another"}, {"username": "somebody.else"}])
def test_a_bootstrap_with_another_name_or_password_is_none_that_was_made(empty: World, changes: dict[str, str]) -> None:
    empty.bootstrap(PAIR)

    assert bootstrapped(empty, [PAIR[0], {**PAIR[1], **changes}]) == "accounts_exist"


def test_an_account_that_an_administrator_made_is_no_first_one(empty: World) -> None:
    empty.bootstrap(PAIR)
    empty.account("third.one", empty.token(PAIR[0]["username"]))

    assert bootstrapped(empty, [PAIR[0], {**PAIR[1], "username": "third.one"}]) == "accounts_exist"


def test_the_same_bootstrap_twice_at_once_makes_two_accounts(empty: World) -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(empty.bootstrap, [PAIR, PAIR])

    assert first == second


def test_no_account_waits_while_the_passwords_of_a_bootstrap_are_compared(
    empty: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, matches = empty.bootstrap(PAIR), passwords.matches

    def meanwhile(*arguments: Any) -> bool:
        with empty.database.writer.begin() as connection:
            connection.execute(text("LOCK TABLE account IN ROW EXCLUSIVE MODE NOWAIT"))
        compared.append(matches(*arguments))
        return compared[-1]

    compared: list[bool] = []
    monkeypatch.setattr(passwords, "matches", meanwhile)

    assert (empty.bootstrap(PAIR), compared) == (made, [True, True])


def test_of_two_bootstraps_at_once_one_wins(empty: World) -> None:
    pairs = [[{"username": f"{each['username']}.{n}", "password": PASSWORD} for each in PAIR] for n in range(2)]
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda pair: bootstrapped(empty, pair), pairs))

    assert results.count("accounts_exist") == 1


def test_the_first_two_are_two(empty: World) -> None:
    assert bootstrapped(empty, [PAIR[0], {**PAIR[0], "username": "ONE.more"}]) == "username_taken"
    assert bootstrapped(empty, PAIR[:1]) == "invalid_request"


def test_only_the_operator_makes_them(empty: World) -> None:
    handler = HANDLERS[accounts.BootstrapAccounts.operation.wire_name]
    nobody = Call(type(SYSTEM)(SYSTEM.id, ()))

    with pytest.raises(Refused, match="role_not_allowed"):
        empty.runner.run(handler, {"administrators": PAIR}, nobody)
    assert empty.client.post("/v1/bootstrap").status_code == 404


def test_a_new_account_signs_in_as_a_worker_without_grants(world: World) -> None:
    created = world.account("Clerk", world.token(ADMINISTRATORS[0]))
    token = world.token("clerk")

    worker = {"role": "worker", "union_id": None, "origin": "account", "origin_id": created["id"]}
    assert created == {
        "id": created["id"],
        "username": "clerk",
        "disabled": False,
        "second_factor": False,
        "subject_key": None,
        "version": 1,
    }
    assert world.get("/v1/me", token).json == {"account": created, "grants": [], "roles": [worker], "withheld": []}
    assert_problem(world.get("/v1/grants", token), 403, "role_not_allowed")


@pytest.mark.parametrize("username", ["first.admin", "First.ADMIN", "ＦＩＲＳＴ.admin"])
def test_a_user_name_is_taken_once(world: World, username: str) -> None:
    answer = world.post("/v1/accounts", {"username": username, "password": PASSWORD}, world.token(ADMINISTRATORS[0]))

    assert_problem(answer, 409, "username_taken")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "text_length"),
        ("seven77", "password_too_short"),
        ("my Clerk 123", "password_has_username"),
        (" " * 8, "password_too_simple"),
        ("password1", "password_too_common"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(world: World, password: str, code: str) -> None:
    body = {"username": "clerk", "password": password}
    answer = world.post("/v1/accounts", body, world.token(ADMINISTRATORS[0]))

    assert_problem(answer, 422, "invalid_request")
    assert [(row["field"], row["code"]) for row in answer.json["errors"]] == [("password", code)]


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("first.admin\u200b", "username_character"),
        ("first.adm\u0456n", "username_character"),
        ("\ufdfa" * 9, "text_length"),
    ],
)
def test_a_user_name_that_is_taken_for_another_or_grows_when_it_is_folded_is_refused(
    world: World, username: str, code: str
) -> None:
    body = {"username": username, "password": PASSWORD}
    answer = world.post("/v1/accounts", body, world.token(ADMINISTRATORS[0]))

    assert_problem(answer, 422, "invalid_request")
    assert [(row["field"], row["code"]) for row in answer.json["errors"]] == [("username", code)]


def test_only_a_hash_of_the_password_is_kept(world: World) -> None:
    world.account("clerk", world.token(ADMINISTRATORS[0]))
    with world.database.reader.connect() as connection:
        stored = connection.scalars(select(Account.password_hash)).all()

    assert all(hashed.startswith("$argon2id$") for hashed in stored)
    assert len(set(stored)) == len(stored)


def test_a_disabled_account_is_out_at_once(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])
    account = world.account("clerk", admin)
    tokens = world.sign_in("clerk")

    answer = world.post(f"/v1/accounts/{account['id']}/disable", None, admin)

    assert answer.json == {**account, "disabled": True, "version": 2}
    assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "not_authenticated")
    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]})
    assert_problem(refreshed, 401, "session_over")
    signed_in = world.post("/v1/sessions", {"username": "clerk", "password": PASSWORD})
    assert_problem(signed_in, 401, "invalid_credentials")


def test_an_enabled_account_may_sign_in_again(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])
    account = world.account("clerk", admin)
    for action in ("disable", "disable", "enable"):
        answer = world.post(f"/v1/accounts/{account['id']}/{action}", None, admin)

    assert answer.json == {**account, "disabled": False, "version": 3}
    assert world.get("/v1/me", world.token("clerk")).status_code == 200


def test_who_was_shut_out_is_not_in_again_when_the_account_is_enabled(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])
    account = world.account("clerk", admin)
    tokens = world.sign_in("clerk")
    for action in ("disable", "enable"):
        world.post(f"/v1/accounts/{account['id']}/{action}", None, admin)

    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]})

    assert_problem(refreshed, 401, "session_over")


@pytest.mark.parametrize(("module", "name"), [(passwords, "matches"), (attempts, "forgive")])
def test_whoever_signs_in_while_the_account_is_shut_out_stays_out(
    world: World, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    admin = world.token(ADMINISTRATORS[0])
    path = f"/v1/accounts/{world.account('clerk', admin)['id']}/disable"
    step = getattr(module, name)
    with ThreadPoolExecutor(1) as pool:

        def meanwhile(*arguments: Any) -> Any:
            disabling.append(pool.submit(world.post, path, None, admin))
            wait_until(lambda: disabling[0].done() or world.waiting() == 1, 30, "Nobody shuts the account out.")
            return step(*arguments)

        disabling: list[Future[TestResponse]] = []
        monkeypatch.setattr(module, name, meanwhile)
        signed_in = world.post("/v1/sessions", {"username": "clerk", "password": PASSWORD})
        assert disabling[0].result().status_code == 200

    if signed_in.status_code == 201:
        tokens = signed_in.json
        assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "not_authenticated")
        refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]})
        assert_problem(refreshed, 401, "session_over")
    else:
        assert_problem(signed_in, 401, "invalid_credentials")


@pytest.mark.parametrize("action", ["disable", "enable"])
def test_an_account_is_changed_only_in_the_version_that_was_seen(world: World, action: str) -> None:
    admin = world.token(ADMINISTRATORS[0])
    url = f"/v1/accounts/{world.account('clerk', admin)['id']}/{action}"

    assert_problem(world.post(url, None, admin, headers={"If-Match": '"2"'}), 412, "stale_version")
    assert world.post(url, None, admin, headers={"If-Match": '"1"'}).status_code == 200


def test_an_account_that_is_not_there_cannot_be_changed(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])

    answer = world.post("/v1/accounts/018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53/disable", None, admin)

    assert_problem(answer, 404, "not_found")


def test_accounts_are_listed_newest_first_in_pages(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])
    made = [world.account(name, admin) for name in ("clerk", "cashier", "reader")]
    seen, cursor = [], ""
    while cursor is not None:
        page = world.get("/v1/accounts?limit=2" + (f"&cursor={cursor}" if cursor else ""), admin).json
        seen += page["items"]
        cursor = page["next"]

    assert seen[:3] == made[::-1]
    assert sorted(account["username"] for account in seen[3:]) == sorted(ADMINISTRATORS)


@pytest.mark.parametrize("username", ["clerk", "CLERK", "ｃｌｅｒｋ"])
def test_an_account_is_found_by_its_name(world: World, username: str) -> None:
    admin = world.token(ADMINISTRATORS[0])
    clerk = world.account("Clerk", admin)
    world.account("clerk.two", admin)

    found = world.get("/v1/accounts", admin, query_string={"username": username})
    assert found.json == {"items": [clerk], "next": None}


def test_accounts_that_are_shut_out_are_listed_by_themselves(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])
    clerk = world.account("clerk", admin)
    disabled = world.post(f"/v1/accounts/{clerk['id']}/disable", None, admin).json

    assert world.get("/v1/accounts?disabled=true", admin).json["items"] == [disabled]
    others = world.get("/v1/accounts?disabled=false", admin).json["items"]
    assert {account["username"] for account in others} == set(ADMINISTRATORS)


def test_a_made_up_cursor_of_accounts_is_refused(world: World) -> None:
    answer = world.get("/v1/accounts?cursor=x", world.token(ADMINISTRATORS[0]))

    assert_problem(answer, 422, "invalid_request")


def test_one_account_is_read_with_its_version(world: World) -> None:
    admin = world.token(ADMINISTRATORS[0])
    clerk = world.account("clerk", admin)
    answer = world.get(f"/v1/accounts/{clerk['id']}", admin)

    assert (answer.json, answer.headers["ETag"]) == (clerk, '"1"')
    assert_problem(world.get("/v1/accounts/018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53", admin), 404, "not_found")


@pytest.mark.parametrize("path", ["/v1/accounts", "/v1/accounts/018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53"])
def test_security_administrators_and_auditors_read_accounts_and_nobody_else(engine: World, path: str) -> None:
    allowed = {Role.SECURITY_ADMIN, Role.AUDITOR}

    for role in allowed:
        assert engine.get(path, engine.token_of(role)).status_code in {200, 404}
    assert_problem(engine.get(path, engine.token_of(*(set(Role) - allowed))), 403, "role_not_allowed")


def test_an_account_of_a_token_may_be_gone(world: World) -> None:
    assert_problem(world.get("/v1/me", world.token_of(Role.WORKER)), 404, "not_found")
