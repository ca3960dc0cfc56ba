"""Roles are granted by two people and end at once."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from chassis.actor import SYSTEM
from contracts.gateway.accounts import GRANTABLE, UNBOUND
from contracts.roles import Role
from gateway.accounts.models import RoleGrant
from gateway.accounts.rules import MOST_GRANTS
from gateway.sessions.tokens import LONGEST
from tests.gateway.harness import ADMINISTRATORS, World
from tests.gateway.test_errors import assert_problem

FIRST, SECOND = ADMINISTRATORS


@pytest.fixture
def clerk(world: World) -> dict[str, Any]:
    return world.account("clerk", world.token(FIRST))


def propose(world: World, account: dict[str, Any], role: str, union_id: UUID | None = None, **details: Any) -> Any:
    body = {"account_id": account["id"], "role": role, "union_id": str(union_id) if union_id else None}
    return world.post("/v1/grants", body, world.token(FIRST), **details)


def decide(world: World, grant: dict[str, Any], action: str, by: str = SECOND, **details: Any) -> Any:
    return world.post(f"/v1/grants/{grant['id']}/{action}", None, world.token(by), **details)


def hold(world: World, account: dict[str, Any], number: int) -> list[tuple[str, UUID]]:
    """Have an account hold as many roles at unions, of every kind: the longest token that it can have."""
    kinds = cycle(sorted(set(GRANTABLE) - UNBOUND))
    held = [(next(kinds).value, uuid4()) for _ in range(number)]
    fixed = {"account_id": UUID(account["id"]), "state": "active", "version": 1, "proposed_by": SYSTEM.id}
    with world.database.writer.begin() as connection:
        connection.execute(insert(RoleGrant), [{"role": role, "union_id": where, **fixed} for role, where in held])
    return held


def roles(world: World, token: str) -> set[str]:
    """The roles in a token, as a service hears of them."""
    world.services.otherwise = lambda *_: {}
    answer = world.get("/v1/unions", token)
    assert answer.status_code == 200, answer.text
    return {grant.role.value for grant in world.services.asked[-1][2].actor.grants}


def test_a_proposed_role_holds_for_nobody(world: World, clerk: dict[str, Any]) -> None:
    answer = propose(world, clerk, "officer", world.union())

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["_actions"]) == ("proposed", ["approve", "refuse"])
    assert roles(world, world.token("clerk")) == {"worker"}


def test_an_approved_role_is_in_the_next_token(world: World, clerk: dict[str, Any]) -> None:
    union_id = world.union()
    before = world.sign_in("clerk")
    approved = world.granted(clerk["id"], "officer", union_id)

    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": before["refresh_token"]}).json
    assert roles(world, before["access_token"]) == {"worker"}
    assert roles(world, refreshed["access_token"]) == {"worker", "officer"}
    assert world.services.asked[-1][2].actor.roots({Role.OFFICER}) == {union_id}
    assert world.get("/v1/me", refreshed["access_token"]).json["grants"] == [approved]
    assert (approved["proposed_by"], approved["decided_by"]) == (
        world.account_ids[FIRST],
        world.account_ids[SECOND],
    )


def test_whoever_proposed_does_not_approve(world: World, clerk: dict[str, Any]) -> None:
    grant = propose(world, clerk, "auditor").json

    assert_problem(decide(world, grant, "approve", by=FIRST), 403, "maker_is_checker")
    assert decide(world, grant, "approve", by=SECOND).status_code == 200


def test_whoever_proposed_may_withdraw(world: World, clerk: dict[str, Any]) -> None:
    grant = propose(world, clerk, "auditor").json
    refused = decide(world, grant, "refuse", by=FIRST).json

    assert (refused["state"], refused["_actions"]) == ("refused", [])


def test_an_ended_role_is_gone_at_once(world: World, clerk: dict[str, Any]) -> None:
    grant = world.granted(clerk["id"], "auditor")
    tokens = world.sign_in("clerk")
    assert roles(world, tokens["access_token"]) == {"worker", "auditor"}

    ended = decide(world, grant, "end")

    assert ended.json["state"] == "ended"
    assert_problem(world.get("/v1/unions", tokens["access_token"]), 401, "token_expired")
    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).json
    assert roles(world, refreshed["access_token"]) == {"worker"}


@pytest.mark.parametrize(
    ("way", "action"),
    [
        ((), "end"),
        (("approve",), "approve"),
        (("approve",), "refuse"),
        (("refuse",), "approve"),
        (("approve", "end"), "end"),
        (("approve", "end"), "approve"),
    ],
)
def test_a_grant_goes_only_its_way(world: World, clerk: dict[str, Any], way: tuple[str, ...], action: str) -> None:
    grant = propose(world, clerk, "auditor").json
    for step in way:
        assert decide(world, grant, step).status_code == 200

    assert_problem(decide(world, grant, action), 409, "illegal_transition")


@pytest.mark.parametrize("role", sorted(set(GRANTABLE) - UNBOUND))
def test_a_role_of_a_union_needs_one(world: World, clerk: dict[str, Any], role: Role) -> None:
    assert_problem(propose(world, clerk, role), 422, "role_needs_union")


@pytest.mark.parametrize("role", sorted(UNBOUND))
def test_a_role_of_the_platform_has_no_union(world: World, clerk: dict[str, Any], role: Role) -> None:
    assert_problem(propose(world, clerk, role, world.union()), 422, "role_has_no_union")
    assert propose(world, clerk, role).status_code == 201


@pytest.mark.parametrize("role", ["worker", "member", "system", "emperor"])
def test_some_roles_are_not_granted(world: World, clerk: dict[str, Any], role: str) -> None:
    assert_problem(propose(world, clerk, role), 422, "invalid_request")


def test_a_union_must_be_known(world: World, clerk: dict[str, Any]) -> None:
    answer = propose(world, clerk, "officer", uuid4())

    assert_problem(answer, 409, "not_yet_known")
    assert (answer.json["field"], answer.headers["Retry-After"]) == ("union_id", "2")


def test_an_account_must_be_there(world: World) -> None:
    answer = propose(world, {"id": str(uuid4())}, "auditor")

    assert_problem(answer, 404, "not_found")
    assert answer.json["field"] == "account_id"


def test_a_role_is_granted_once(world: World, clerk: dict[str, Any]) -> None:
    union_id = world.union()
    for role, where in (("auditor", None), ("officer", union_id)):
        grant = propose(world, clerk, role, where).json
        assert_problem(propose(world, clerk, role, where), 409, "grant_exists")
        decide(world, grant, "approve")
        assert_problem(propose(world, clerk, role, where), 409, "grant_exists")
        decide(world, grant, "end")
        assert propose(world, clerk, role, where).status_code == 201
    assert propose(world, clerk, "officer", world.union()).status_code == 201


def test_a_repeated_proposal_is_answered_as_the_first(world: World, clerk: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": "once"}
    first, second = (propose(world, clerk, "auditor", headers=headers) for _ in range(2))

    assert second.json == first.json
    assert_problem(propose(world, clerk, "privacy", headers=headers), 422, "idempotency_key_reused")


def test_a_grant_is_decided_on_only_in_the_version_that_was_seen(world: World, clerk: dict[str, Any]) -> None:
    grant = propose(world, clerk, "auditor").json

    assert_problem(decide(world, grant, "approve", headers={"If-Match": '"9"'}), 412, "stale_version")
    answer = decide(world, grant, "approve", headers={"If-Match": f'"{grant["version"]}"'})
    assert answer.headers["ETag"] == f'"{grant["version"] + 1}"'


def test_of_two_decisions_at_once_one_holds(world: World, clerk: dict[str, Any]) -> None:
    grant, token = propose(world, clerk, "auditor").json, world.token(SECOND)
    with ThreadPoolExecutor() as pool:
        url = f"/v1/grants/{grant['id']}"
        answers = list(pool.map(lambda action: world.post(f"{url}/{action}", None, token), ("approve", "refuse") * 2))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_grants_are_listed_newest_first_in_pages(world: World, clerk: dict[str, Any]) -> None:
    made = [propose(world, clerk, role).json["id"] for role in ("auditor", "privacy", "system_admin")]
    token, seen, cursor = world.token(SECOND), [], ""
    while cursor is not None:
        url = f"/v1/grants?account_id={clerk['id']}&limit=2" + (f"&cursor={cursor}" if cursor else "")
        page = world.get(url, token).json
        seen += [grant["id"] for grant in page["items"]]
        cursor = page["next"]

    assert seen == made[::-1]


def test_grants_are_listed_by_state(world: World, clerk: dict[str, Any]) -> None:
    propose(world, clerk, "auditor")
    page = world.get("/v1/grants?state=proposed", world.token(SECOND)).json

    assert [(grant["role"], grant["state"]) for grant in page["items"]] == [("auditor", "proposed")]


def test_an_account_with_as_many_grants_as_it_may_have_is_let_in(world: World, clerk: dict[str, Any]) -> None:
    held = hold(world, clerk, MOST_GRANTS)
    token = world.token("clerk")

    assert roles(world, token) == {"worker", *(role for role, _ in held)}
    assert len(world.services.asked[-1][2].actor.grants) == 1 + MOST_GRANTS
    assert len(token) <= LONGEST


def test_an_account_has_no_more_grants_than_its_token_can_tell(world: World, clerk: dict[str, Any]) -> None:
    hold(world, clerk, MOST_GRANTS - 1)
    last = propose(world, clerk, "auditor").json
    answer = propose(world, clerk, "privacy")

    assert_problem(answer, 409, "too_many_grants")
    assert str(MOST_GRANTS) in answer.json["messages"]["zh"]
    decide(world, last, "refuse")
    assert propose(world, clerk, "privacy").status_code == 201


def test_of_proposals_at_once_no_more_are_taken_than_there_is_room_for(world: World, clerk: dict[str, Any]) -> None:
    hold(world, clerk, MOST_GRANTS - 1)
    token = world.token(FIRST)
    bodies = [{"account_id": clerk["id"], "role": role} for role in sorted(UNBOUND)]
    answers = world.collide("role_grant", *(partial(world.post, "/v1/grants", body, token) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (len(bodies) - 1)


@pytest.mark.parametrize("cursor", ["%C3%A9", "x", "bm90LWFuLWlk"])
def test_a_made_up_cursor_is_refused(world: World, cursor: str) -> None:
    answer = world.get(f"/v1/grants?cursor={cursor}", world.token(SECOND))

    assert_problem(answer, 422, "invalid_request")
    assert [(row["field"], row["code"]) for row in answer.json["errors"]] == [("cursor", "not_a_cursor")]


@pytest.mark.parametrize("path", ["/v1/grants", "/v1/accounts", f"/v1/grants/{UUID(int=1)}/approve"])
def test_only_security_administrators_grant(engine: World, path: str) -> None:
    everybody_else = [role for role in Role if role is not Role.SECURITY_ADMIN]

    assert_problem(engine.post(path, {}, engine.token_of(*everybody_else)), 403, "role_not_allowed")


@pytest.mark.parametrize("way", ["end", "disable"])
def test_two_who_can_grant_always_remain(world: World, way: str) -> None:
    admin, second = world.token(FIRST), world.account_ids[SECOND]
    held = world.get(f"/v1/grants?account_id={second}&state=active", admin).json["items"][0]
    path = f"/v1/grants/{held['id']}/end" if way == "end" else f"/v1/accounts/{second}/disable"

    assert_problem(world.post(path, None, admin), 409, "last_administrators")
    third = world.account("third", admin)
    world.granted(third["id"], "security_admin")

    assert world.post(path, None, admin).status_code == 200
