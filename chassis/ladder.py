"""What becomes of an event that a handler could not take: five tries on the retry ladder, then the dead letters."""

import time
from dataclasses import dataclass
from typing import Any

from eventlet.semaphore import Semaphore

from chassis.confirms import Confirms, Unconfirmed
from chassis.topology_names import DEAD_EXCHANGE, RETRY_STEPS, event_queue, retry_exchange
from kernel.ids import new_id

#: Headers by which the ladder counts for itself: the broker's own `x-death` is no longer read when republished.
ATTEMPTS, FIRST_FAILED, REASON, ERROR, DEATH_ID = (
    "x-attempts",
    "x-first-failed",
    "x-reason",
    "x-error",
    "x-death-id",
)
#: Reasons of death: sent back as invalid at once, or after the whole ladder.
INVALID, EXHAUSTED = "invalid", "exhausted"
#: Characters of an error's description that travel with a message; it never holds values.
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message could not be handled. `permanent` means that no second try can help."""

    error: str
    permanent: bool

    @classmethod
    def of(cls, error: BaseException, *, permanent: bool) -> "Failure":
        """Name the error; its text may hold values of the event, so only a permanent one's, which does not, is kept."""
        text = f"{type(error).__name__}: {error}" if permanent else type(error).__name__
        return cls(text[:_LONGEST_ERROR], permanent)


class Ladder:
    """Sends messages up the ladder or to the dead, each confirmed before its delivery is acknowledged."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._confirms: Confirms | None = None
        #: An operator's replay waits until the intake has its confirm, and the other way round.
        self._turn = Semaphore()

    def up(self, confirms: Confirms) -> None:
        """Use this channel from now on."""
        self._confirms = confirms

    def down(self) -> None:
        """The channel is gone."""
        confirms, self._confirms = self._confirms, None
        if confirms is not None:
            confirms.lost()

    def take(self, message: Any, failure: Failure) -> str:
        """Send a message where it belongs now; gives the name of that exchange. Raises Unconfirmed."""
        headers = dict(message.properties.get("application_headers") or {})
        attempts = int(headers.get(ATTEMPTS, 0)) + 1
        headers |= {ATTEMPTS: attempts, ERROR: failure.error}
        headers.setdefault(FIRST_FAILED, int(time.time()))
        if failure.permanent or attempts > len(RETRY_STEPS):
            headers |= {REASON: INVALID if failure.permanent else EXHAUSTED, DEATH_ID: new_id()}
            return self._send(DEAD_EXCHANGE, self._service, message, headers)
        step = list(RETRY_STEPS)[attempts - 1]
        return self._send(retry_exchange(step), event_queue(self._service), message, headers)

    def send_home(self, body: bytes, message_id: str, event_type: str) -> None:
        """Put a replayed event back into this service's queue, as new. Raises Unconfirmed."""
        properties = {"type": event_type, "content_type": "application/json", "content_encoding": "utf-8"}
        self._publish("", event_queue(self._service), body, message_id, properties)

    def _send(self, exchange: str, key: str, message: Any, headers: dict[str, Any]) -> str:
        kept = ("type", "app_id", "content_type", "content_encoding")
        properties = {name: message.properties[name] for name in kept if name in message.properties}
        message_id = message.properties.get("message_id", new_id())
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        self._publish(exchange, key, body, message_id, properties | {"application_headers": headers})
        return exchange

    def _publish(self, exchange: str, key: str, body: bytes, message_id: str, properties: dict[str, Any]) -> None:
        with self._turn:
            if self._confirms is None:
                raise Unconfirmed("no link")
            self._confirms.publish(exchange, key, body, message_id, **properties)
            outcome = self._confirms.wait()
        if outcome.refused or outcome.returned:
            raise Unconfirmed("refused or returned")
