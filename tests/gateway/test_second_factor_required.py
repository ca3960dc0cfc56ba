"""Where a second factor is required, whoever acts for others does nothing without one."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from contracts import registry
from contracts.declare import Operation
from contracts.gateway.second_factor import BeginSecondFactor, ConfirmSecondFactor
from contracts.gateway.sessions import SignOut
from gateway import settings
from tests.gateway.apps import Clock, enrol, sign_in
from tests.gateway.harness import ADMINISTRATORS, World, bearer
from tests.gateway.test_errors import assert_problem
from tests.gateway.test_grants import roles

NAME, OTHER = ADMINISTRATORS
#: Every operation that an account may be granted, over HTTP.
SIGNED_IN = [one for one in registry.operations().values() if one.route and not one.public]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def require(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Has the platform require a second factor from now on."""

    def switch() -> None:
        monkeypatch.setenv("UNIONHALL_SECOND_FACTOR", "required")
        settings.loaded.cache_clear()

    yield switch
    settings.loaded.cache_clear()


def refresh(world: World, tokens: dict[str, Any]) -> Any:
    return world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]})


def ask(world: World, operation: Operation, token: str) -> Any:
    assert operation.route is not None
    path = operation.route.path.format_map({name: str(uuid4()) for name in operation.route.parameters})
    return world.client.open(path, method=operation.route.method, headers={**bearer(token), "Idempotency-Key": "once"})


def test_only_enrolling_and_signing_out_come_before_it() -> None:
    before = {one.request for one in registry.operations().values() if one.before_factor}

    assert before == {BeginSecondFactor, ConfirmSecondFactor, SignOut}


def test_without_one_every_operation_but_these_is_refused(world: World, require: Callable[[], None]) -> None:
    require()
    signed_in = sign_in(world, NAME).json
    assert signed_in["must_enrol"] is True

    for operation in SIGNED_IN:
        if not operation.before_factor:
            assert_problem(ask(world, operation, signed_in["access_token"]), 401, "second_factor_needed")
    assert world.services.asked == []


def test_a_session_without_one_may_be_ended(world: World, require: Callable[[], None]) -> None:
    require()
    token = sign_in(world, NAME).json["access_token"]

    assert world.post("/v1/sessions/end", None, token).status_code == 200
    assert_problem(world.get("/v1/me", token), 401, "not_authenticated")


def test_a_refresh_alone_gives_no_more(world: World, require: Callable[[], None]) -> None:
    require()
    refreshed = refresh(world, sign_in(world, NAME).json)

    assert refreshed.json["must_enrol"] is True
    assert_problem(world.get("/v1/me", refreshed.json["access_token"]), 401, "second_factor_needed")


def test_once_it_is_confirmed_a_refresh_gives_the_roles(
    world: World, clock: Clock, require: Callable[[], None]
) -> None:
    require()
    tokens = sign_in(world, NAME).json
    enrolled = enrol(world, tokens["access_token"], clock)
    refreshed = refresh(world, tokens).json

    assert refreshed["must_enrol"] is False
    assert world.get("/v1/accounts", refreshed["access_token"]).status_code == 200
    assert roles(world, refreshed["access_token"]) == {"worker", "security_admin"}
    again = sign_in(world, NAME, enrolled.app.code()).json
    assert (again["must_enrol"], roles(world, again["access_token"])) == (False, {"worker", "security_admin"})


def test_whoever_acts_for_nobody_else_needs_none(world: World, require: Callable[[], None]) -> None:
    world.account("worker", world.token(NAME))
    require()
    signed_in = sign_in(world, "worker").json

    assert signed_in["must_enrol"] is False
    assert world.get("/v1/me", signed_in["access_token"]).status_code == 200


def test_whoever_is_granted_a_role_enrols_before_it_takes_effect(
    world: World, clock: Clock, require: Callable[[], None]
) -> None:
    clerk = world.account("clerk", world.token(NAME))
    tokens = world.sign_in("clerk")
    world.granted(clerk["id"], "officer", world.union())
    require()
    refreshed = refresh(world, tokens).json
    assert refreshed["must_enrol"] is True

    enrol(world, refreshed["access_token"], clock)
    assert roles(world, refresh(world, refreshed).json["access_token"]) == {"worker", "officer"}


def test_where_it_is_optional_nobody_has_to_enrol(world: World) -> None:
    signed_in = sign_in(world, NAME).json

    assert signed_in["must_enrol"] is False
    assert roles(world, signed_in["access_token"]) == {"worker", "security_admin"}
