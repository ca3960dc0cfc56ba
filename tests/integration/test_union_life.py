"""A post that membership records gives its holder powers in another service within seconds, and takes them back."""

import pytest

from tests.integration.harness import Account, Office, Town, eventually
from tests.integration.shop import Shop, code


@pytest.fixture(scope="module")
def shop(town: Town, office: Office) -> Shop:
    return Shop.found(town, office)


def roles(account: Account) -> set[tuple[str, str]]:
    """The roles of an account, and what each follows from."""
    return {(held["role"], held["origin"]) for held in account.get("/v1/me").json()["roles"]}


def test_a_chair_decides_as_long_as_the_post_lasts(shop: Shop) -> None:
    person, first, second = shop.join(), shop.submitted(), shop.submitted()
    sign_in = shop.account(person)
    member = sign_in()
    assert roles(member) == {("worker", "account"), ("member", "membership")}
    assert code(member.post(f"{first}/approve")) == "role_not_allowed"

    post = shop.start_post(person, "chair")
    eventually(lambda: code(sign_in().post(f"{first}/approve")) == 200, "The chair may not decide.")
    chair = sign_in()
    assert ("chair", "post") in roles(chair)

    shop.end_post(post)
    eventually(lambda: code(chair.get("/v1/me")) == "token_expired", "The chair's token holds on.")
    assert code(chair.post(f"{second}/approve")) == "token_expired"
    assert code(sign_in().post(f"{second}/approve")) == "role_not_allowed"
    assert roles(sign_in()) == {("worker", "account"), ("member", "membership")}


def test_powers_reach_no_further_than_the_union(town: Town, office: Office, shop: Shop) -> None:
    elsewhere = Shop.found(town, office).submitted()
    person = shop.join()
    sign_in = shop.account(person)
    shop.start_post(person, "vice_chair")
    eventually(lambda: ("chair", "post") in roles(sign_in()), "The post gives no role.")

    assert code(sign_in().post(f"{elsewhere}/approve")) == "outside_scope"


def test_every_gateway_refuses_the_token_of_a_post_that_ended(town: Town, shop: Shop) -> None:
    person = shop.join()
    sign_in = shop.account(person)
    post = shop.start_post(person, "officer")
    eventually(lambda: ("officer", "post") in roles(sign_in()), "The post gives no role.")
    officer = sign_in()

    shop.end_post(post)
    for number in (1, 2):
        there = town.bearer(officer.authorization, number)
        eventually(lambda at=there: code(at.get("/v1/me")) == "token_expired", f"Gateway {number} lets it in.")
