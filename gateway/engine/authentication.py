"""Finds out who asks: a token is verified once and remembered until it ends, and each request asks what was revoked."""

import time
from collections.abc import Callable
from typing import Protocol

from chassis.errors import Refused
from gateway.caller import Caller

#: Tokens remembered; the oldest go first. Each takes about 2 kB.
MOST_REMEMBERED = 20_000
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

    def caller(self, header: str | None) -> Caller:
        """The caller. Raises Refused `not_authenticated` or `token_expired`."""
        known = self._known.get(header) if header else None
        if known is None:
            known = self._remember(header)
        caller, ends = known
        if ends <= time.time():
            raise Refused("token_expired")
        self._revocations.check(caller)
        return caller

    def _remember(self, header: str | None) -> tuple[Caller, float]:
        if not header or not header[: len(_SCHEME)].lower() == _SCHEME:
            raise Refused("not_authenticated")
        verified = self._verify(header[len(_SCHEME) :].strip())
        while len(self._known) >= MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[header] = verified
        return verified
