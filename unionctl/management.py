"""Speaks to a broker's management API: the one way to define and inspect its objects on RabbitMQ 3.10 and 4.x."""

from typing import Any
from urllib.parse import quote

import requests

from unionctl.errors import PlatformError

#: Seconds one call may take.
TIMEOUT = 10.0


def http() -> requests.Session:
    """A session that no proxy or credentials file of the caller's environment gets between."""
    session = requests.Session()
    session.trust_env = False
    return session


class ManagementApi:
    """Calls as the administrator; a path is given as its parts, which are quoted here."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.credentials = (user, password)

    def get(self, *path: str) -> Any:
        """The JSON answer; None if there is no such object."""
        response = self._call("GET", path)
        return None if response.status_code == requests.codes.not_found else self._checked(response).json()

    def put(self, *path: str, body: dict[str, Any]) -> None:
        self._checked(self._call("PUT", path, body))

    def post(self, *path: str, body: dict[str, Any]) -> Any:
        """The JSON answer; None if the answer is empty."""
        response = self._checked(self._call("POST", path, body))
        return response.json() if response.content else None

    def delete(self, *path: str) -> None:
        """Delete an object; harmless if it is gone."""
        response = self._call("DELETE", path)
        if response.status_code != requests.codes.not_found:
            self._checked(response)

    def answers(self, *path: str) -> bool:
        """Whether the API answers this path with success."""
        try:
            return self._call("GET", path).ok
        except requests.RequestException:
            return False

    def _call(self, method: str, path: tuple[str, ...], body: dict[str, Any] | None = None) -> requests.Response:
        address = "/".join([self.url, "api", *(quote(part, safe="") for part in path)])
        return http().request(method, address, json=body, auth=self.credentials, timeout=TIMEOUT)

    @staticmethod
    def _checked(response: requests.Response) -> requests.Response:
        if not response.ok:
            raise PlatformError(f"The broker refused {response.request.method} {response.url}: {response.text}")
        return response
