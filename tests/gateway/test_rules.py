"""The gateway's pure rules."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.accounts.common_passwords import is_common
from gateway.accounts.rules import folded, password_problem, username_problem
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


@pytest.mark.parametrize("username", ["clerk", "first.admin", "li_wei-2@hz", "李小伟", "\u9fff.\U00020bb7", "a" * 100])
def test_a_user_name_is_of_letters_digits_and_ideographs(username: str) -> None:
    assert username_problem(folded(username)) is None


@pytest.mark.parametrize(
    "username",
    [
        "mallory\u200b",  # zero-width space
        "mallory\u00ad",  # soft hyphen
        "mal\u0301lory",  # combining accent that no letter takes up
        "m\u0430llory",  # Cyrillic a
        "mall\u03bfry",  # Greek omicron
        "two words",
        "a/b%c",
    ],
)
def test_a_user_name_that_looks_like_another_is_refused(username: str) -> None:
    assert username_problem(folded(username)) == "username_character"


@pytest.mark.parametrize("username", ["ab", "\ufdfa" * 100, "a" * 101])
def test_a_user_name_is_as_long_as_it_is_kept(username: str) -> None:
    problem = username_problem(folded(username))

    assert problem == "text_length"
    assert problem.params == {"least": "3", "most": "100"}


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("1234567", "password_too_short"),
        ("xx CLERK xx", "password_has_username"),
        ("12345678", "password_too_simple"),
        ("１９８６１０１０", "password_too_simple"),
        ("138 0013 8000", "password_too_simple"),
        (" " * 8, "password_too_simple"),
        ("\u3000 \u00a0" * 4, "password_too_simple"),
        ("aaaaaaaa", "password_too_simple"),
        ("!! !! !! !!", "password_too_simple"),
        ("password", "password_too_common"),
        ("P@ssw0rd2026!", "password_too_common"),
        ("1qaz2wsx", "password_too_common"),
        ("woaini1314", "password_too_common"),
        ("a123456789", "password_too_common"),
        ("QQ5201314", "password_too_common"),
        ("zhang123", "password_too_common"),
        ("工会2026!!", "password_too_common"),
        ("八个字的密码很好", None),
        ("correct horse battery staple", None),
        ("tr0ub4dor&3", None),
        ("password of my own", None),
    ],
)
def test_a_password_is_long_not_the_name_and_not_what_is_guessed_first(password: str, problem: str | None) -> None:
    assert password_problem("clerk", password) == problem


@given(st.text(alphabet="0123456789!?. ", max_size=6), st.text(alphabet="0123456789!?. ", max_size=6))
def test_digits_and_signs_around_a_common_password_do_not_help(before: str, behind: str) -> None:
    assert is_common(f"{before}qwertyuiop{behind}")
