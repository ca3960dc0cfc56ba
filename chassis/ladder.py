"""What becomes of an event that a handler could not take: five tries on the retry ladder, then the dead letters."""

import time
from collections.abc import Mapping
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
#: Deliveries to a handler, from the first to the last step.
MOST_ATTEMPTS = len(RETRY_STEPS) + 1
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
        headers = headers_of(message)
        ours = {
            ATTEMPTS: min(attempts_in(headers) + 1, MOST_ATTEMPTS),
            ERROR: failure.error,
            FIRST_FAILED: first_failed_in(headers) or int(time.time()),
        }
        try:
            return self._climb(message, headers | ours, failure)
        except Unconfirmed:
            raise
        except Exception as error:
            # what can be read cannot always be written again: nobody's bytes may end the process that takes them
            return self._bury(message, ours, Failure(f"{failure.error}; {type(error).__name__} on its way", True))

    def _climb(self, message: Any, headers: Mapping[str, Any], failure: Failure) -> str:
        attempts = headers[ATTEMPTS]
        if failure.permanent or attempts >= MOST_ATTEMPTS:
            died = {REASON: INVALID if failure.permanent else EXHAUSTED, DEATH_ID: new_id()}
            return self._send(DEAD_EXCHANGE, self._service, message, {**headers, **died})
        step = list(RETRY_STEPS)[attempts - 1]
        return self._send(retry_exchange(step), event_queue(self._service), message, headers)

    def _bury(self, message: Any, headers: Mapping[str, Any], failure: Failure) -> str:
        """Send the body to the dead with our own headers alone."""
        died = {**headers, ERROR: failure.error, REASON: INVALID, DEATH_ID: new_id()}
        self._publish(DEAD_EXCHANGE, self._service, body_of(message), _id_of(message), {"application_headers": died})
        return DEAD_EXCHANGE

    def send_home(self, body: bytes, message_id: str, event_type: str) -> None:
        """Put a replayed event back into this service's queue, as new. Raises Unconfirmed."""
        properties = {"type": event_type, "content_type": "application/json", "content_encoding": "utf-8"}
        self._publish("", event_queue(self._service), body, message_id, properties)

    def _send(self, exchange: str, key: str, message: Any, headers: Mapping[str, Any]) -> str:
        kept = ("type", "app_id", "content_type", "content_encoding")
        properties = {name: message.properties[name] for name in kept if name in message.properties}
        properties["application_headers"] = dict(headers)
        self._publish(exchange, key, body_of(message), _id_of(message), properties)
        return exchange

    def _publish(self, exchange: str, key: str, body: bytes, message_id: str, properties: dict[str, Any]) -> None:
        with self._turn:
            if self._confirms is None:
                raise Unconfirmed("no link")
            self._confirms.publish(exchange, key, body, message_id, **properties)
            outcome = self._confirms.wait()
        if outcome.refused or outcome.returned:
            raise Unconfirmed("refused or returned")


def headers_of(message: Any) -> dict[str, Any]:
    """A message's headers; whoever may write to the queue chose them, so each is read as a stranger's."""
    return dict(message.properties.get("application_headers") or {})


def attempts_in(headers: Mapping[str, Any]) -> int:
    """Attempts that the ladder counted; what it cannot have written counts as none."""
    found = headers.get(ATTEMPTS)
    return found if type(found) is int and 0 < found <= MOST_ATTEMPTS else 0


def first_failed_in(headers: Mapping[str, Any]) -> int | None:
    """Moment of the first failure in seconds since 1970, or None where no past moment stands."""
    found = headers.get(FIRST_FAILED)
    return found if type(found) is int and 0 < found <= time.time() else None


def body_of(message: Any) -> bytes:
    """The bytes of a message, which the broker's client turns into a text where it can."""
    body = message.body
    return body if isinstance(body, bytes) else body.encode(errors="surrogatepass")


def _id_of(message: Any) -> str:
    given: str = message.properties.get("message_id") or new_id()
    return given
