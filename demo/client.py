"""A client as any user would write one: signs in, repeats a request with its key until the answer is definite."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import requests

from contracts.paging import LARGEST_LIMIT

#: Answers after which the same key may give the true one.
INDEFINITE = frozenset({429, 502, 503, 504})
#: Refusals that pass: a service has not heard of a union or its approval yet, or the same key is still at work.
TOO_EARLY = frozenset({"not_yet_known", "union_not_approved", "in_progress"})
#: What to do where something else was loaded: another fact stands there, or has used the key.
_BEGIN_ANEW = (
    ". If another version of the demo loaded what is there, `make clean` or `unionctl --run-dir DIR demo` begins anew"
)
#: Seconds between repetitions, and repetitions at most.
PAUSE, MOST_REPEATS = 0.25, 240
#: Seconds for one answer; longer than any deadline of the gateway.
TIMEOUT = 15
#: Seconds between looks at a job.
LOOK = 0.1


class Refusal(Exception):
    """The platform refused a request of the demo; the message holds its code."""


class Client:
    """One account at one gateway; several threads may use it."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._credentials = {"username": username, "password": password}
        self._session = requests.Session()
        # no proxy of this machine stands before the gateway, and no .netrc replaces the token
        self._session.trust_env = False
        #: Value of the header that carries the access token.
        self.authorization = ""
        self.sign_in()

    def sign_in(self) -> None:
        """Get a new access token, which tells the roles that the account has now."""
        answer = self._definite("POST", "/v1/sessions", json=self._credentials)
        tokens = _body(answer, "POST", "/v1/sessions")
        self.authorization = f"Bearer {tokens['access_token']}"
        self._session.headers["Authorization"] = self.authorization

    def get(self, path: str, **parameters: Any) -> Any:
        """Read."""
        return self._repeat("GET", path, params=parameters)

    def all(self, path: str, limit: int = LARGEST_LIMIT, **parameters: Any) -> Iterator[Any]:
        """Read a list page by page, as far as it is wanted."""
        page = self.get(path, **parameters, limit=limit)
        yield from page["items"]
        while page["next"] is not None:
            page = self.get(path, **parameters, limit=limit, cursor=page["next"])
            yield from page["items"]

    def post(self, path: str, body: Mapping[str, Any], key: str) -> Any:
        """Change something. `key` names the fact: the same fact twice is one, also in a second run."""
        return self._repeat("POST", path, json=body, headers=_keyed(key))

    def upload(self, path: str, content: bytes, media_type: str, key: str) -> Any:
        """Send a file; the same bytes under the same key are one file."""
        return self._repeat("POST", path, data=content, headers={**_keyed(key), "Content-Type": media_type})

    def await_job(self, path: str) -> Any:
        """A job when it has ended. Raises Refusal unless it was done."""
        while (job := self.get(path))["ended_at"] is None:
            time.sleep(LOOK)
        if job["state"] != "done":
            raise Refusal(f"{path}: {job['state']} {job['failure']}")
        return job

    def _repeat(self, method: str, path: str, **details: Any) -> Any:
        for _ in range(MOST_REPEATS):
            answer = self._definite(method, path, **details)
            if answer.status_code != requests.codes.unauthorized:
                return _body(answer, method, path)
            self.sign_in()
        raise Refusal(f"{method} {path}: no token is taken")

    def _definite(self, method: str, path: str, **details: Any) -> requests.Response:
        """The first answer that says what became of a request that may be sent twice."""
        for _ in range(MOST_REPEATS):
            with suppress(requests.ConnectionError, requests.Timeout):
                answer = self._session.request(method, self._url + path, timeout=TIMEOUT, **details)
                if answer.status_code not in INDEFINITE and not _is_too_early(answer):
                    return answer
            time.sleep(PAUSE)
        raise Refusal(f"{method} {path}: no definite answer")


def _keyed(key: str) -> Mapping[str, str]:
    return {"Idempotency-Key": str(uuid5(NAMESPACE_URL, f"demo:{key}"))}


def _is_too_early(answer: requests.Response) -> bool:
    """Whether a service has yet to hear of a union, or is still at work on the same key."""
    return answer.status_code == requests.codes.conflict and answer.json()["code"] in TOO_EARLY


def _body(answer: requests.Response, method: str, path: str) -> Any:
    body = answer.json()
    if not answer.ok:
        raise Refusal(f"{method} {path}: {answer.status_code} {_said(body)}{_BEGIN_ANEW if _is_taken(answer) else ''}")
    return body


def _said(problem: Mapping[str, Any]) -> str:
    """What a refusal says, in words if it has them."""
    said = (
        problem.get("code"),
        problem.get("field"),
        problem.get("messages", {}).get("en"),
        *problem.get("errors", ()),
    )
    return " ".join(str(one) for one in said if one)


def _is_taken(answer: requests.Response) -> bool:
    return bool(answer.status_code == requests.codes.conflict or answer.json()["code"] == "idempotency_key_reused")
