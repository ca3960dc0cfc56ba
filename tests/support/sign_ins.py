"""Keeps an access token for each account that a test works with; all have one password."""

import threading
import time

import requests

from contracts.gateway.sessions import SignIn
from unionctl.management import http

#: Seconds until giving up, and between attempts.
_PATIENCE, _PAUSE = 120.0, 0.3


class SignIns:
    """Signs accounts in when they are first needed, and again after their token has ended."""

    def __init__(self, url: str, password: str) -> None:
        assert SignIn.operation.route is not None
        self.password = password
        self._address = url + SignIn.operation.route.path
        self._tokens: dict[str, str] = {}
        self._guard = threading.Lock()

    def token(self, account: str) -> str:
        """An access token, which may be about to end."""
        with self._guard:
            if account not in self._tokens:
                self._tokens[account] = self._sign_in(account)
            return self._tokens[account]

    def forget(self, account: str) -> None:
        """Let the account sign in anew."""
        with self._guard:
            self._tokens.pop(account, None)

    def _sign_in(self, account: str) -> str:
        until = time.monotonic() + _PATIENCE
        while (answer := self._asked(account)) is None or not answer.ok:
            assert time.monotonic() < until, f"{account} cannot sign in: {answer and answer.text}"
            time.sleep(_PAUSE)
        token: str = answer.json()["access_token"]
        return token

    def _asked(self, account: str) -> requests.Response | None:
        try:
            return http().post(self._address, json={"username": account, "password": self.password}, timeout=15)
        except requests.RequestException:
            return None
