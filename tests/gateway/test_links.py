"""An account belongs to one person at most, and two administrators say to whom."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.roles import Role
from tests.gateway.harness import ADMINISTRATORS, World
from tests.gateway.life import Life, somebody
from tests.gateway.test_errors import assert_problem
from tests.gateway.test_grants import roles

FIRST, SECOND = ADMINISTRATORS
LINKS = "/v1/account-links"


@pytest.fixture
def life(world: World) -> Life:
    return Life(world)


@pytest.fixture
def clerk(world: World) -> dict[str, Any]:
    return world.account("clerk", world.token(FIRST))


@pytest.fixture
def person(life: Life) -> str:
    """A member of a union."""
    person = somebody()
    life.member(life.basic_union(), person)
    return person


def propose(world: World, account: dict[str, Any], subject_key: str, **details: Any) -> Any:
    return world.post(LINKS, {"account_id": account["id"], "subject_key": subject_key}, world.token(FIRST), **details)


def decide(world: World, link: dict[str, Any], action: str, by: str = SECOND, **details: Any) -> Any:
    return world.post(f"{LINKS}/{link['id']}/{action}", None, world.token(by), **details)


def linked(world: World, account: dict[str, Any], subject_key: str) -> dict[str, Any]:
    """A link proposed by the first administrator and approved by the second."""
    approved = decide(world, propose(world, account, subject_key).json, "approve")
    assert approved.status_code == 200, approved.text
    return approved.json


def subject_in(world: World, token: str) -> str | None:
    """The person in a token, as a service hears of them."""
    roles(world, token)
    return world.services.asked[-1][2].actor.subject_key


def test_a_proposed_link_says_nothing_of_the_account_yet(world: World, clerk: dict[str, Any], person: str) -> None:
    answer = propose(world, clerk, person)

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["_actions"]) == ("proposed", ["approve", "refuse"])
    assert world.get(f"/v1/accounts/{clerk['id']}", world.token(FIRST)).json["subject_key"] is None
    token = world.token("clerk")
    assert (roles(world, token), subject_in(world, token)) == ({"worker"}, None)


def test_a_linked_account_tells_the_services_whose_it_is(world: World, clerk: dict[str, Any], person: str) -> None:
    before = world.sign_in("clerk")
    link = linked(world, clerk, person)

    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": before["refresh_token"]}).json
    assert subject_in(world, before["access_token"]) is None
    assert subject_in(world, refreshed["access_token"]) == person
    assert subject_in(world, world.token("clerk")) == person
    assert (link["proposed_by"], link["decided_by"]) == (world.account_ids[FIRST], world.account_ids[SECOND])


def test_every_view_of_an_account_shows_its_person(world: World, clerk: dict[str, Any], person: str) -> None:
    linked(world, clerk, person)
    token = world.token(FIRST)
    listed = world.get("/v1/accounts?username=clerk", token).json["items"]
    views = [
        *listed,
        world.get(f"/v1/accounts/{clerk['id']}", token).json,
        world.get("/v1/me", world.token("clerk")).json["account"],
        world.post(f"/v1/accounts/{clerk['id']}/disable", None, token).json,
    ]

    assert [view["subject_key"] for view in views] == [person] * 4


def test_whoever_proposed_a_link_does_not_approve_it(world: World, clerk: dict[str, Any], person: str) -> None:
    link = propose(world, clerk, person).json

    assert_problem(decide(world, link, "approve", by=FIRST), 403, "maker_is_checker")
    assert decide(world, link, "approve", by=SECOND).status_code == 200


def test_an_ended_link_is_over_at_once(world: World, clerk: dict[str, Any], person: str) -> None:
    link = linked(world, clerk, person)
    tokens = world.sign_in("clerk")
    assert roles(world, tokens["access_token"]) == {"worker", "member"}

    assert decide(world, link, "end").json["state"] == "ended"

    assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "token_expired")
    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).json
    assert (roles(world, refreshed["access_token"]), subject_in(world, refreshed["access_token"])) == ({"worker"}, None)


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
def test_a_link_goes_only_its_way(
    world: World, clerk: dict[str, Any], person: str, way: tuple[str, ...], action: str
) -> None:
    link = propose(world, clerk, person).json
    for step in way:
        assert decide(world, link, step).status_code == 200

    assert_problem(decide(world, link, action), 409, "illegal_transition")


@pytest.mark.parametrize("way", [(), ("approve",)])
def test_an_account_has_one_person_and_a_person_one_account(
    world: World, life: Life, clerk: dict[str, Any], person: str, way: tuple[str, ...]
) -> None:
    other, another = world.account("other", world.token(FIRST)), somebody()
    life.member(life.basic_union(), another)
    link = propose(world, clerk, person).json
    for step in way:
        decide(world, link, step)

    assert_problem(propose(world, clerk, another), 409, "account_linked")
    assert_problem(propose(world, other, person), 409, "subject_linked")
    assert propose(world, other, another).status_code == 201


@pytest.mark.parametrize("way", [("refuse",), ("approve", "end")])
def test_a_link_that_is_over_leaves_account_and_person_free(
    world: World, clerk: dict[str, Any], person: str, way: tuple[str, ...]
) -> None:
    other = world.account("other", world.token(FIRST))
    link = propose(world, clerk, person).json
    for step in way:
        decide(world, link, step)

    assert propose(world, other, person).status_code == 201


def test_of_proposals_at_once_for_one_person_one_is_taken(world: World, clerk: dict[str, Any], person: str) -> None:
    other, token = world.account("other", world.token(FIRST)), world.token(FIRST)
    bodies = [{"account_id": account["id"], "subject_key": person} for account in (clerk, other)]
    requests: list[Callable[[], Any]] = [partial(world.post, LINKS, body, token) for body in bodies]

    assert sorted(answer.status_code for answer in world.collide("account_link", *requests)) == [201, 409]


def test_a_shut_out_account_keeps_its_person_and_the_person_gets_no_second_one(
    world: World, clerk: dict[str, Any], person: str
) -> None:
    linked(world, clerk, person)
    tokens, admin = world.sign_in("clerk"), world.token(FIRST)
    world.post(f"/v1/accounts/{clerk['id']}/disable", None, admin)

    assert_problem(world.get("/v1/me", tokens["access_token"]), 401, "not_authenticated")
    assert_problem(propose(world, world.account("other", admin), person), 409, "subject_linked")
    world.post(f"/v1/accounts/{clerk['id']}/enable", None, admin)
    assert subject_in(world, world.token("clerk")) == person


def test_a_link_is_proposed_to_somebody_of_whom_membership_has_told(world: World, clerk: dict[str, Any]) -> None:
    answer = propose(world, clerk, somebody())

    assert_problem(answer, 409, "not_yet_known")
    assert (answer.json["field"], answer.headers["Retry-After"]) == ("subject_key", "2")


def test_the_holder_of_a_post_is_known_too(world: World, life: Life, clerk: dict[str, Any]) -> None:
    person = somebody()
    life.post(life.basic_union(), person)

    assert propose(world, clerk, person).status_code == 201


def test_an_account_to_link_must_be_there(world: World, person: str) -> None:
    answer = propose(world, {"id": str(uuid4())}, person)

    assert_problem(answer, 404, "not_found")
    assert answer.json["field"] == "account_id"


def test_a_link_is_decided_on_only_in_the_version_that_was_seen(
    world: World, clerk: dict[str, Any], person: str
) -> None:
    link = propose(world, clerk, person).json

    assert_problem(decide(world, link, "approve", headers={"If-Match": '"9"'}), 412, "stale_version")
    answer = decide(world, link, "approve", headers={"If-Match": f'"{link["version"]}"'})
    assert answer.headers["ETag"] == f'"{link["version"] + 1}"'


def test_links_are_listed_newest_first_in_pages_and_by_what_they_join(
    world: World, life: Life, clerk: dict[str, Any], person: str
) -> None:
    token, made = world.token(SECOND), []
    for _ in range(3):
        link = propose(world, clerk, person).json
        made.append(link["id"])
        decide(world, link, "refuse")
    live = propose(world, clerk, person).json["id"]

    first = world.get(f"{LINKS}?account_id={clerk['id']}&limit=2", token).json
    rest = world.get(f"{LINKS}?account_id={clerk['id']}&limit=2&cursor={first['next']}", token).json
    assert [link["id"] for page in (first, rest) for link in page["items"]] == [live, *made[::-1]]
    of_person = world.get(f"{LINKS}?subject_key={person}&state=proposed", token).json["items"]
    assert [link["id"] for link in of_person] == [live]


@pytest.mark.parametrize("path", [LINKS, f"{LINKS}/{UUID(int=1)}/approve", f"{LINKS}/{UUID(int=1)}/end"])
def test_only_security_administrators_link(engine: World, path: str) -> None:
    everybody_else = [role for role in Role if role is not Role.SECURITY_ADMIN]

    assert_problem(engine.post(path, {}, engine.token_of(*everybody_else)), 403, "role_not_allowed")
