"""Finds out who asks: a token is verified once and remembered until it ends, and each request asks what was revoked."""

import time
from collections.abc import Callable
from typing import Protocol

from chassis.errors import Refused
from gateway.caller import Caller

#: Bytes of the tokens that are remembered, with what each takes beside its text; the oldest go first.
MOST_REMEMBERED, _BESIDE = 40_000_000, 1_500
_SCHEME = "bearer "


class Revocations(Protocol):
    """What was ended before its tokens were."""

    def check(self, caller: Caller) -> None:
        """Refuse a caller whose session or rights are over."""
        ...


class Authentication:
    """Knows the caller behind an Authorization header."""

    def __init__(self, verify: Callable[[str], tuple[Caller, float]], revocations: Revocations) -> None:
        """`verify` gives a token's caller and the machine time at which it ends, or raises Refused."""
        self._verify = verify
        self._revocations = revocations
        self._known: dict[str, tuple[Caller, float]] = {}
        self._bytes = 0

    def caller(self, header: str | None) -> Caller:
        """The caller. Raises Refused `not_authenticated` or `token_expired`."""
        token = _token(header)
        known = self._known.get(token) or self._remember(token)
        caller, ends = known
        if ends <= time.time():
            raise Refused("token_expired")
        self._revocations.check(caller)
        return caller

    def _remember(self, token: str) -> tuple[Caller, float]:
        verified = self._verify(token)
        self._bytes += len(token) + _BESIDE
        while self._known and self._bytes > MOST_REMEMBERED:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._bytes -= len(oldest) + _BESIDE
        self._known[token] = verified
        return verified


def _token(header: str | None) -> str:
    """The token however many spaces stand before it; each spelling would be remembered for itself."""
    if not header or header[: len(_SCHEME)].lower() != _SCHEME:
        raise Refused("not_authenticated")
    return header[len(_SCHEME) :].strip(" ")
