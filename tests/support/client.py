"""Clients of the gateway that repeat each request with its key until the answer is definite."""

import random
import time
from collections.abc import Mapping
from typing import Any

import requests

from contracts.declare import Kind, Operation, Request
from tests.support.ledger import Entry, Ledger
from tests.support.sign_ins import SignIns
from unionctl.management import http

#: Seconds for one answer: longer than any deadline of the gateway.
ANSWER_SECONDS = 15.0
#: Seconds after which a client gives up; no fault lasts as long.
PATIENCE = 240.0
#: Seconds between repetitions, at least and at most; and between looks at a job.
_PAUSES, _LOOK = (0.1, 0.4), 0.2
#: Statuses after which the same key gives the true answer.
_OPEN = frozenset({429, 503, 504})
#: Refusals that time mends: a service has not heard of a union or of its approval, or a twin of the request is at work.
_LATER = frozenset({"not_yet_known", "union_not_approved", "in_progress"})


class UnexpectedAnswer(AssertionError):
    """The gateway answered what it never may to this request."""


class GaveUp(AssertionError):
    """No definite answer came, however often the request was repeated."""


class Client:
    """One connection to the gateway; a thread has its own."""

    def __init__(self, url: str, sign_ins: SignIns, ledger: Ledger) -> None:
        self._url = url
        self._sign_ins = sign_ins
        self._ledger = ledger
        self._session = http()

    def do(self, request: type[Request], account: str, key: str, **payload: Any) -> dict[str, Any]:
        """Run a command, repeating it with its key; gives the reply. Raises UnexpectedAnswer or GaveUp."""
        entry = self._ledger.open(request.operation, key, payload)
        entry.reply = self._until_definite(entry, account)
        return entry.reply

    def read(self, request: type[Request], account: str, **payload: Any) -> dict[str, Any]:
        """Run a query until it is answered. Raises UnexpectedAnswer or GaveUp."""
        return self._until_definite(Entry(request.operation, "", payload), account)

    def await_end(self, request: type[Request], account: str, **payload: Any) -> dict[str, Any]:
        """Ask for a job until it has ended; gives its last view. Raises UnexpectedAnswer or GaveUp."""
        entry = self._ledger.open(request.operation, "", payload)
        until = time.monotonic() + PATIENCE
        while (job := self._until_definite(entry, account))["ended_at"] is None:
            if time.monotonic() > until:
                raise GaveUp(f"{entry}: {job}")
            time.sleep(_LOOK)
        entry.reply = job
        return job

    def ask(self, entry: Entry, account: str, seconds: float = ANSWER_SECONDS) -> requests.Response:
        """Send a request once, whatever the answer. Raises requests.RequestException."""
        operation = entry.operation
        assert operation.route is not None
        in_path = operation.route.parameters
        path = operation.route.path.format_map(entry.payload)
        rest = {name: value for name, value in entry.payload.items() if name not in in_path}
        return self._session.request(
            operation.route.method,
            self._url + path,
            headers=self._headers(entry, account),
            timeout=seconds,
            **_sent(operation, rest),
        )

    def _until_definite(self, entry: Entry, account: str) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self.ask(entry, account)
            except requests.RequestException:
                entry.open_answers.append(0)
            else:
                if answer.ok:
                    reply: dict[str, Any] = answer.json()
                    return reply
                _consider(entry, answer)
            time.sleep(random.uniform(*_PAUSES))
        raise GaveUp(str(entry))

    def _headers(self, entry: Entry, account: str) -> Mapping[str, str]:
        keyed = {"Idempotency-Key": entry.key} if entry.operation.keyed else {}
        typed = {"Content-Type": entry.payload["media_type"]} if entry.operation.upload else {}
        return {"Authorization": f"Bearer {self._sign_ins.token(account)}", **keyed, **typed}


def _sent(operation: Operation, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields that are not in the path, where a request of its kind has them; of a file, its content."""
    if operation.upload:
        return {"data": fields["content"]}
    return {"params" if operation.kind is Kind.QUERY else "json": fields}


def _consider(entry: Entry, answer: requests.Response) -> None:
    """Note an answer that leaves the outcome open. Raises UnexpectedAnswer on any other."""
    if answer.status_code not in _OPEN and answer.json()["code"] not in _LATER:
        raise UnexpectedAnswer(f"{entry}: {answer.status_code} {answer.text}")
    entry.open_answers.append(answer.status_code)
