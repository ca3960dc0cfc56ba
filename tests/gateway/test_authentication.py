"""What is remembered of tokens, so that few of them are verified and memory has an end."""

from uuid import uuid4

import pytest

from gateway.caller import Caller
from gateway.engine import authentication
from gateway.engine.authentication import Authentication

ENDLESS = 1e12


class Verified:
    """Every token is good, and each verification is remembered."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def verify(self, token: str) -> tuple[Caller, float]:
        self.tokens.append(token)
        return Caller(uuid4(), (), uuid4(), 0), ENDLESS

    def check(self, caller: Caller) -> None:
        """Nothing is revoked."""


@pytest.fixture
def verified() -> Verified:
    return Verified()


@pytest.fixture
def entrance(verified: Verified) -> Authentication:
    return Authentication(verified.verify, verified)


def test_a_token_is_verified_once_however_it_is_spaced(entrance: Authentication, verified: Verified) -> None:
    callers = {entrance.caller(header) for header in ("Bearer one", "bearer   one", "BEARER one  ")}

    assert verified.tokens == ["one"]
    assert len(callers) == 1


def test_long_tokens_push_out_as_much_as_they_take(
    entrance: Authentication, verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authentication, "MOST_REMEMBERED", 20_000)
    for number in range(10):
        entrance.caller(f"Bearer {number}{'x' * 8000}")
    verified.tokens.clear()
    for number in reversed(range(10)):
        entrance.caller(f"Bearer {number}{'x' * 8000}")

    assert [token[0] for token in verified.tokens] == [str(number) for number in reversed(range(8))]
