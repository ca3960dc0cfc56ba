"""Roles that begin and end with the events of unions: who serves and who belongs."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update

from chassis import clock, generations
from chassis.tables import union_tree
from contracts.gateway.accounts import UNBOUND
from contracts.membership.posts import Body, Post
from contracts.membership.register import MemberDeceased, MemberExpelled, MemberLeft
from contracts.roles import Role
from gateway.accounts.rules import MOST_GRANTS
from gateway.sessions.tokens import LONGEST
from gateway.union_life.roles import MOST_POSTS
from gateway.union_life.rules import ROLES, role_of
from tests.gateway.harness import ADMINISTRATORS, World
from tests.gateway.life import Life, ended, planned, somebody, started
from tests.gateway.test_errors import assert_problem
from tests.gateway.test_grants import decide, hold, propose
from tests.gateway.test_links import linked
from tests.support.logged import logged

#: The role of each post that gives one (domain model 5.0, Roles); written by hand.
EXPECTED = [
    ("committee", "chair", "chair"),
    ("committee", "vice_chair", "chair"),
    ("committee", "officer", "officer"),
    ("committee", "finance", "finance"),
    ("audit", "chair", "audit"),
    ("audit", "vice_chair", "audit"),
    ("audit", "member", "audit"),
    ("audit", "officer", "audit"),
    ("audit", "finance", "audit"),
    ("women", "chair", "women"),
]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a union, with an account."""

    world: World
    life: Life
    account: dict[str, Any]
    subject_key: str
    union: UUID
    #: As membership told of it.
    membership: dict[str, Any]

    def post(self, post: str, body: str = "committee") -> dict[str, Any]:
        """A post in their union that starts."""
        return self.life.post(self.union, self.subject_key, post, body)

    def sign_in(self) -> dict[str, Any]:
        return self.world.sign_in(self.account["username"])

    def roles(self, token: str | None = None) -> set[str]:
        """What a token gives in their union, or the token they get now, but the role of every account."""
        told = held(self.world, token or self.sign_in()["access_token"])
        return {role for role, where in told if where == self.union}


@pytest.fixture
def life(world: World) -> Life:
    return Life(world)


@pytest.fixture
def member(world: World, life: Life) -> Member:
    return join(world, life, "member")


def join(world: World, life: Life, username: str) -> Member:
    person, union = somebody(), life.basic_union()
    membership = life.member(union, person)
    account = world.account(username, world.token(ADMINISTRATORS[0]))
    linked(world, account, person)
    return Member(world, life, account, person, union, membership)


def held(world: World, token: str) -> set[tuple[str, UUID | None]]:
    """The roles in a token and where they hold, as a service hears of them; each is told once."""
    world.services.otherwise = lambda *_: {}
    answer = world.get("/v1/unions", token)
    assert answer.status_code == 200, answer.text
    grants = [(grant.role.value, grant.root) for grant in world.services.asked[-1][2].actor.grants]
    assert len(set(grants)) == len(grants)
    return set(grants)


def test_the_table_gives_each_post_its_role() -> None:
    given = [(body, post, role_of(body, post, in_federation=False)) for body, post, _ in EXPECTED]
    others = set(product(Body, Post)) - {(body, post) for body, post, _ in EXPECTED}

    assert given == EXPECTED
    assert {role_of(body, post, in_federation=False) for body, post in others} == {None}


def test_no_post_makes_an_administrator_or_an_officer_of_the_zone() -> None:
    of_unions = {Role.CHAIR, Role.OFFICER, Role.FINANCE, Role.AUDIT, Role.WOMEN}
    assert set(ROLES.values()) == of_unions
    assert not of_unions & UNBOUND


@pytest.mark.parametrize(("body", "post", "role"), EXPECTED)
def test_a_post_gives_its_role_in_its_union(member: Member, body: str, post: str, role: str) -> None:
    member.post(post, body)

    assert member.roles() == {"member", role}


@pytest.mark.parametrize(("body", "post"), [("committee", "member"), ("mediation", "chair"), ("women", "member")])
def test_other_posts_give_none(member: Member, body: str, post: str) -> None:
    member.post(post, body)

    assert member.roles() == {"member"}


def test_a_role_begins_with_the_next_refresh(world: World, member: Member) -> None:
    tokens = member.sign_in()
    member.post("chair")

    assert member.roles(tokens["access_token"]) == {"member"}
    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).json
    assert member.roles(refreshed["access_token"]) == {"member", "chair"}


def test_a_role_ends_with_its_post_even_in_running_tokens(world: World, life: Life, member: Member) -> None:
    post = member.post("chair")
    tokens = member.sign_in()

    life.end(post)

    assert_problem(world.get("/v1/unions", tokens["access_token"]), 401, "token_expired")
    refreshed = world.post("/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}).json
    assert member.roles(refreshed["access_token"]) == {"member"}


def test_the_end_of_one_post_leaves_the_roles_of_others(life: Life, member: Member) -> None:
    member.post("finance")
    life.end(member.post("vice_chair"))

    assert member.roles() == {"member", "finance"}


def test_a_post_that_ends_disturbs_nobody_else(world: World, life: Life, member: Member) -> None:
    chair, token = join(world, life, "chair"), member.sign_in()["access_token"]
    life.end(chair.post("chair"))

    assert member.roles(token) == {"member"}


def test_the_end_of_a_post_without_a_role_disturbs_nobody(life: Life, member: Member) -> None:
    post, token = member.post("member"), member.sign_in()["access_token"]
    life.end(post)

    assert member.roles(token) == {"member"}


@pytest.mark.parametrize("order", [*permutations(("started", "ended", "started"))])
@pytest.mark.parametrize("at_once", [True, False])
def test_the_order_in_which_events_come_does_not_matter(
    life: Life, member: Member, order: tuple[str, ...], at_once: bool
) -> None:
    post = planned(member.union, member.subject_key, "officer")
    events = [{"started": started, "ended": ended}[name](post) for name in order]
    for batch in [events] if at_once else [[event] for event in events]:
        life.tell(*batch)

    assert member.roles() == {"member"}


@pytest.mark.parametrize("is_root", [True, False])
@pytest.mark.parametrize(
    ("body", "post", "roles"),
    [
        ("committee", "chair", set()),
        ("committee", "vice_chair", set()),
        ("committee", "officer", set()),
        ("committee", "finance", {"finance"}),
        ("audit", "member", {"audit"}),
        ("women", "chair", {"women"}),
    ],
)
def test_whoever_serves_in_a_federation_is_no_chair_or_officer_of_the_unions_below(
    life: Life, member: Member, body: str, post: str, roles: set[str], is_root: bool
) -> None:
    federation = life.federation(None if is_root else life.federation())
    life.post(federation, member.subject_key, post, body)

    told = held(member.world, member.sign_in()["access_token"])
    assert {role for role, where in told if where == federation} == roles


def test_a_union_whose_kind_only_a_rebuild_will_tell_is_taken_for_a_federation(world: World, member: Member) -> None:
    member.post("chair")
    member.post("finance")
    with world.database.writer.begin() as connection:
        connection.execute(update(union_tree).values(org_kind=None))

    assert member.roles() == {"member", "finance"}


def test_a_post_in_a_union_that_is_not_known_yet_gives_its_role_once_it_is(life: Life, member: Member) -> None:
    unknown = uuid4()
    life.post(unknown, member.subject_key)
    before = held(member.world, member.sign_in()["access_token"])

    life.union(life.federation(), unknown)

    assert held(member.world, member.sign_in()["access_token"]) - before == {("chair", unknown)}


@pytest.mark.parametrize(
    ("event", "state"), [(MemberLeft, "withdrawn"), (MemberExpelled, "expelled"), (MemberDeceased, "ended")]
)
def test_whoever_is_a_member_no_longer_loses_the_role_and_the_tokens_that_name_it(
    world: World, life: Life, member: Member, event: Any, state: str
) -> None:
    token = member.sign_in()["access_token"]
    assert "member" in member.roles(token)

    life.leave(event, member.membership, state)

    assert world.get("/v1/me", token).status_code == 401
    assert "member" not in member.roles()


def test_a_retained_member_is_a_member(world: World, life: Life, member: Member) -> None:
    life.retain(life.member(member.union, member.subject_key))

    assert member.roles() == {"member"}


def test_an_account_without_a_person_has_nobodys_roles(world: World, life: Life) -> None:
    life.post(life.basic_union(), somebody())
    world.account("clerk", world.token(ADMINISTRATORS[0]))

    assert held(world, world.token("clerk")) == {("worker", None)}


def test_posts_and_membership_hold_from_their_business_day(world: World, member: Member) -> None:
    member.post("chair")
    with world.database.writer.begin() as connection:
        clock.move(connection, date(2023, 2, 28))
    before = member.roles()
    with world.database.writer.begin() as connection:
        clock.move(connection, None)

    assert (before, member.roles()) == (set(), {"member", "chair"})


def test_a_role_that_follows_from_two_things_lasts_as_long_as_one_of_them(world: World, member: Member) -> None:
    member.post("chair")
    grant = world.granted(member.account["id"], "chair", member.union)
    assert member.roles() == {"member", "chair"}

    decide(world, grant, "end")

    assert member.roles() == {"member", "chair"}


def test_everybody_reads_what_each_of_their_roles_follows_from(world: World, member: Member) -> None:
    post = member.post("chair")
    grant = world.granted(member.account["id"], "analyst", member.union)
    shown = world.get("/v1/me", member.sign_in()["access_token"]).json["roles"]

    where = str(member.union)
    assert [(row["role"], row["union_id"], row["origin"]) for row in shown] == [
        ("worker", None, "account"),
        ("analyst", where, "grant"),
        ("chair", where, "post"),
        ("member", where, "membership"),
    ]
    assert [row["origin_id"] for row in shown[:3]] == [member.account["id"], grant["id"], post["post_id"]]


@pytest.mark.parametrize(
    ("granted", "post", "follows"), [("finance", ("member", "audit"), "audit"), ("audit", ("finance",), "finance")]
)
def test_a_post_gives_no_role_that_a_granted_one_excludes(
    world: World, member: Member, granted: str, post: tuple[str, ...], follows: str
) -> None:
    grant = world.granted(member.account["id"], granted, member.union)
    started_post = member.post(*post)
    token = member.sign_in()["access_token"]

    assert member.roles(token) == {"member", granted}
    [withheld] = world.get("/v1/me", token).json["withheld"]
    assert (withheld["role"], withheld["origin_id"]) == (follows, started_post["post_id"])
    decide(world, grant, "end")
    assert member.roles() == {"member", follows}


@pytest.mark.parametrize("is_money_above", [True, False])
@pytest.mark.parametrize("levels", [1, 2])
def test_a_post_gives_no_role_that_one_in_a_union_above_or_below_excludes(
    world: World, life: Life, is_money_above: bool, levels: int
) -> None:
    above, person = life.federation(), somebody()
    below = life.union(above if levels == 1 else life.federation(above))
    audited, kept = (below, above) if is_money_above else (above, below)
    life.post(audited, person, "member", "audit")
    account = world.account("clerk", world.token(ADMINISTRATORS[0]))
    linked(world, account, person)
    assert held(world, world.token("clerk")) == {("worker", None), ("audit", audited)}

    life.post(kept, person, "finance")

    assert held(world, world.token("clerk")) == {("worker", None), ("finance", kept)}


def test_money_of_one_union_and_the_audit_of_another_beside_it_go_together(
    world: World, life: Life, member: Member
) -> None:
    above = life.federation()
    kept, audited, audited_too = (life.union(above) for _ in range(3))
    world.granted(member.account["id"], "finance", kept)
    life.post(audited, member.subject_key, "member", "audit")
    world.granted(member.account["id"], "audit", audited_too)

    told = held(world, member.sign_in()["access_token"])
    assert {("finance", kept), ("audit", audited), ("audit", audited_too)} <= told


def test_no_grant_gives_money_and_audit_of_a_union_that_left_the_tree(world: World, member: Member) -> None:
    world.granted(member.account["id"], "audit", member.union)
    proposed = propose(world, member.account, "finance", member.union).json
    with world.database.writer.begin() as connection:
        connection.execute(delete(union_tree))

    assert_problem(decide(world, proposed, "approve"), 409, "money_and_audit")


def test_a_chair_may_audit(world: World, life: Life, member: Member) -> None:
    """The role is a vice-chair's too, and membership knows who chairs."""
    member.post("vice_chair")
    member.post("member", "audit")

    assert member.roles() == {"member", "chair", "audit"}


def test_a_role_that_is_withheld_is_logged(world: World, member: Member) -> None:
    world.granted(member.account["id"], "finance", member.union)
    post = member.post("member", "audit")
    with logged() as written:
        member.sign_in()

    [line] = [line for line in map(json.loads, written.getvalue().splitlines()) if line["event"] == "role_withheld"]
    told = (line["level"], line["account_id"], line["role"], line["origin_id"])
    assert told == ("warning", member.account["id"], "audit", post["post_id"])


@pytest.mark.parametrize("is_post", [True, False])
def test_no_grant_gives_an_auditor_the_money_that_they_audit(world: World, member: Member, is_post: bool) -> None:
    if is_post:
        member.post("member", "audit")
    else:
        world.granted(member.account["id"], "audit", member.union)
    proposed = propose(world, member.account, "finance", member.union).json

    assert_problem(decide(world, proposed, "approve"), 409, "money_and_audit")
    assert_problem(decide(world, proposed, "approve", by=ADMINISTRATORS[0]), 403, "maker_is_checker")
    assert decide(world, proposed, "refuse").status_code == 200
    assert_problem(decide(world, proposed, "approve"), 409, "illegal_transition")


@pytest.mark.parametrize("is_money_above", [True, False])
@pytest.mark.parametrize("is_audit_first", [True, False])
def test_no_grant_gives_money_above_or_below_what_is_audited(
    world: World, life: Life, member: Member, is_money_above: bool, is_audit_first: bool
) -> None:
    above = life.federation()
    below = life.union(above)
    roles = [("finance", above), ("audit", below)] if is_money_above else [("finance", below), ("audit", above)]
    first, second = reversed(roles) if is_audit_first else roles
    world.granted(member.account["id"], *first)

    assert_problem(decide(world, propose(world, member.account, *second).json, "approve"), 409, "money_and_audit")


def test_of_a_grant_of_money_and_one_of_audit_approved_at_once_one_holds(world: World, member: Member) -> None:
    proposals = [propose(world, member.account, role, member.union).json for role in ("finance", "audit")]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda grant: decide(world, grant, "approve").status_code, proposals))

    assert sorted(answers) == [200, 409]


def test_a_rebuild_shows_nobody_a_role_twice(world: World, member: Member) -> None:
    number = generations.open_next(world.database, "building")
    member.post("officer")
    shown = world.get("/v1/me", member.sign_in()["access_token"]).json["roles"]
    generations.abandon(world.database, number)

    assert [row["role"] for row in shown] == ["worker", "officer", "member"]


def test_the_longest_token_fits_its_header(world: World, life: Life, member: Member) -> None:
    hold(world, member.account, MOST_GRANTS)
    for _ in range(MOST_POSTS + 1):
        life.post(life.basic_union(), member.subject_key)
    token = member.sign_in()["access_token"]

    assert len(held(world, token)) == 1 + MOST_GRANTS + MOST_POSTS + 1
    assert len(token) <= LONGEST
