"""The gateway's pure rules."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.accounts.rules import folded, password_problem
from gateway.sessions.rules import FREE_ATTEMPTS, LONGEST_WAIT, STRANGERS_ATTEMPTS, client_at, wait_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (10_000, 900)]
)
def test_the_wait_grows_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert wait_after(attempts, FREE_ATTEMPTS) == timedelta(seconds=seconds)


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=10**4))
def test_more_attempts_never_wait_less(attempts: int, free: int) -> None:
    assert timedelta() <= wait_after(attempts, free) <= wait_after(attempts + 1, free) <= LONGEST_WAIT
    assert bool(wait_after(attempts, free)) == (attempts >= free)


def test_one_client_alone_never_makes_the_attempts_that_strangers_have_together() -> None:
    waited, attempts = timedelta(), 0
    while waited < timedelta(days=1):
        attempts += 1
        waited += wait_after(attempts, FREE_ATTEMPTS)

    assert attempts * 5 < STRANGERS_ATTEMPTS


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_a_client_is_an_address_or_a_customers_network(address: str, client: str) -> None:
    assert client_at(address) == client


@given(st.text())
def test_folding_twice_changes_nothing(username: str) -> None:
    assert folded(folded(username)) == folded(username)


@pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("ｌｉ", "LI"), ("\u212b", "å"), ("ﬁn", "FIN")])
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("1234567", "password_too_short"),
        ("12345678", None),
        ("八个字的密码很好", None),
        ("xx CLERK xx", "password_has_username"),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, problem: str | None) -> None:
    assert password_problem("clerk", password) == problem
