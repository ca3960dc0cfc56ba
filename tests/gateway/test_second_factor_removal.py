"""A second factor comes off an account by two administrators, and by nobody's own."""

from typing import Any

import pytest

from tests.gateway.apps import Clock, Enrolled, enrol, sign_in
from tests.gateway.harness import ADMINISTRATORS, World
from tests.gateway.test_errors import assert_problem

FIRST, SECOND = ADMINISTRATORS
OWNER = "clerk"
REMOVALS = "/v1/second-factor-removals"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def clerk(world: World) -> dict[str, Any]:
    return world.account(OWNER, world.token(FIRST))


@pytest.fixture
def enrolled(world: World, clock: Clock, clerk: dict[str, Any]) -> Enrolled:
    """The clerk's."""
    return enrol(world, world.token(OWNER), clock)


def propose(world: World, account_id: str, token: str | None = None) -> Any:
    return world.post(REMOVALS, {"account_id": account_id}, token or world.token(FIRST))


def decide(world: World, removal: dict[str, Any], action: str, token: str | None = None, **details: Any) -> Any:
    return world.post(f"{REMOVALS}/{removal['id']}/{action}", None, token or world.token(SECOND), **details)


def test_a_proposal_takes_nothing_off_yet(world: World, clerk: dict[str, Any], enrolled: Enrolled) -> None:
    answer = propose(world, clerk["id"])

    assert (answer.status_code, answer.json["state"]) == (201, "proposed")
    assert answer.json["_actions"] == ["approve", "refuse"]
    assert_problem(sign_in(world, OWNER), 401, "second_factor_needed")


def test_approved_by_another_the_password_alone_signs_in_and_all_sessions_are_over(
    world: World, clerk: dict[str, Any], enrolled: Enrolled
) -> None:
    before = sign_in(world, OWNER, enrolled.app.code()).json
    approved = decide(world, propose(world, clerk["id"]).json, "approve")

    assert (approved.status_code, approved.json["state"], approved.json["_actions"]) == (200, "done", [])
    assert approved.json["decided_by"] == world.account_ids[SECOND]
    assert_problem(world.get("/v1/me", before["access_token"]), 401, "not_authenticated")
    assert world.post("/v1/sessions/refresh", {"refresh_token": before["refresh_token"]}).status_code == 401
    after = sign_in(world, OWNER).json
    assert world.get("/v1/me", after["access_token"]).json["account"]["second_factor"] is False


def test_what_was_taken_off_leaves_no_code_that_a_later_app_would_take(
    world: World, clock: Clock, clerk: dict[str, Any], enrolled: Enrolled
) -> None:
    decide(world, propose(world, clerk["id"]).json, "approve")
    enrol(world, world.token(OWNER), clock)

    for old in (enrolled.app.code(), enrolled.recovery_codes[0]):
        assert_problem(sign_in(world, OWNER, old), 401, "second_factor_wrong")


def test_who_proposed_it_does_not_approve_it(world: World, clerk: dict[str, Any], enrolled: Enrolled) -> None:
    answer = decide(world, propose(world, clerk["id"]).json, "approve", world.token(FIRST))

    assert_problem(answer, 403, "maker_is_checker")
    assert_problem(sign_in(world, OWNER), 401, "second_factor_needed")


def test_nobody_proposes_or_approves_to_take_off_their_own(world: World, clock: Clock) -> None:
    owner = enrol(world, world.token(SECOND), clock)
    token = sign_in(world, SECOND, owner.app.code()).json["access_token"]
    removal = propose(world, world.account_ids[SECOND])
    assert removal.status_code == 201, removal.text

    assert_problem(propose(world, world.account_ids[SECOND], token), 403, "own_second_factor")
    assert_problem(decide(world, removal.json, "approve", token), 403, "own_second_factor")
    assert_problem(sign_in(world, SECOND), 401, "second_factor_needed")


def test_the_owner_or_the_proposer_may_refuse_it(world: World, clerk: dict[str, Any], enrolled: Enrolled) -> None:
    removal = propose(world, clerk["id"]).json
    refused = decide(world, removal, "refuse", world.token(FIRST))

    assert (refused.status_code, refused.json["state"]) == (200, "refused")
    assert_problem(decide(world, removal, "approve"), 409, "illegal_transition")
    assert propose(world, clerk["id"]).status_code == 201


def test_one_removal_of_an_account_is_open_at_a_time(world: World, clerk: dict[str, Any], enrolled: Enrolled) -> None:
    propose(world, clerk["id"])

    assert_problem(propose(world, clerk["id"], world.token(SECOND)), 409, "removal_proposed")


def test_where_there_is_none_none_is_taken_off(world: World, clerk: dict[str, Any]) -> None:
    answer = propose(world, clerk["id"])

    assert_problem(answer, 409, "no_second_factor")
    assert_problem(propose(world, clerk["id"].replace(clerk["id"][:8], "00000000")), 404, "not_found")


def test_an_app_that_took_the_place_of_the_lost_one_stays(
    world: World, clock: Clock, clerk: dict[str, Any], enrolled: Enrolled
) -> None:
    removal = propose(world, clerk["id"]).json
    token = sign_in(world, OWNER, enrolled.recovery_codes[0]).json["access_token"]
    new = enrol(world, token, clock, code=enrolled.recovery_codes[1])

    assert_problem(decide(world, removal, "approve"), 409, "no_second_factor")
    assert sign_in(world, OWNER, new.app.code()).status_code == 201


def test_a_stale_version_is_refused(world: World, clerk: dict[str, Any], enrolled: Enrolled) -> None:
    answer = decide(world, propose(world, clerk["id"]).json, "approve", headers={"If-Match": '"7"'})

    assert_problem(answer, 412, "stale_version")


def test_removals_are_listed_newest_first(world: World, clerk: dict[str, Any], enrolled: Enrolled) -> None:
    first = decide(world, propose(world, clerk["id"]).json, "refuse").json
    second = propose(world, clerk["id"]).json
    token = world.token(SECOND)

    assert world.get(REMOVALS, token).json["items"] == [second, first]
    assert world.get(REMOVALS, token, query_string={"state": "proposed"}).json["items"] == [second]
    assert world.get(REMOVALS, token, query_string={"account_id": world.account_ids[FIRST]}).json["items"] == []
