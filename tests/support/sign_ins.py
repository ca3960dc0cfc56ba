"""Keeps an access token for each account that a test works with; all have one password."""

import threading
import time

import requests

from contracts.gateway.sessions import SignIn
from unionctl.management import http

#: Seconds until giving up, and between attempts.
_PATIENCE, _PAUSE = 120.0, 0.3


class SignIns:
    """Signs accounts in when they are first needed, and again before their token ends."""

    def __init__(self, url: str, password: str) -> None:
        assert SignIn.operation.route is not None
        self.password = password
        self._address = url + SignIn.operation.route.path
        #: Tokens and the machine time at which each has lived half its life.
        self._tokens: dict[str, tuple[str, float]] = {}
        self._guard = threading.Lock()

    def token(self, account: str) -> str:
        """An access token with at least half of its life before it."""
        with self._guard:
            token, half_life = self._tokens.get(account, ("", 0.0))
            if time.monotonic() >= half_life:
                token, half_life = self._tokens[account] = self._sign_in(account)
            return token

    def _sign_in(self, account: str) -> tuple[str, float]:
        until = time.monotonic() + _PATIENCE
        while (answer := self._asked(account)) is None or not answer.ok:
            assert time.monotonic() < until, f"{account} cannot sign in: {answer and answer.text}"
            time.sleep(_PAUSE)
        tokens = answer.json()
        return tokens["access_token"], time.monotonic() + tokens["expires_in"] / 2

    def _asked(self, account: str) -> requests.Response | None:
        try:
            return http().post(self._address, json={"username": account, "password": self.password}, timeout=15)
        except requests.RequestException:
            return None
