"""What owners of accounts do with an authenticator app, and a machine clock that tests move."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.gateway.harness import PASSWORD, World
from tests.support.authenticator import STEP, App


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = time.time() // STEP * STEP
        monkeypatch.setattr(time, "time", lambda: self._now)

    def tick(self, steps: int = 1) -> None:
        """Let so many codes pass."""
        self._now += steps * STEP


@dataclass(frozen=True)
class Enrolled:
    """What the owner of an account has in hand once the app is confirmed."""

    app: App
    recovery_codes: list[str]


def begin(world: World, token: str, password: str = PASSWORD, code: str | None = None) -> Any:
    """Ask for a secret."""
    return world.post("/v1/me/second-factor", {"current_password": password, "code": code}, token)


def confirm(world: World, token: str, code: str) -> Any:
    """Show that the app has it."""
    return world.post("/v1/me/second-factor/confirm", {"code": code}, token)


def enrol(world: World, token: str, clock: Clock, code: str | None = None) -> Enrolled:
    """Enrol an app for the account of a token; the next code is a fresh one."""
    begun = begin(world, token, code=code)
    assert begun.status_code == 201, begun.text
    app = App(begun.json["secret"])
    confirmed = confirm(world, token, app.code())
    assert confirmed.status_code == 200, confirmed.text
    clock.tick()
    return Enrolled(app, confirmed.json["recovery_codes"])


def sign_in(world: World, username: str, code: str | None = None, password: str = PASSWORD) -> Any:
    """Try to sign in, with a code if there is one."""
    return world.post("/v1/sessions", {"username": username, "password": password, "code": code})
