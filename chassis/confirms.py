"""Publishes in batches and learns of each message whether the broker has it, had no queue for it, or refused it."""

from dataclasses import dataclass
from typing import Any

import amqp
import eventlet
from eventlet.event import Event

from chassis.connection import PERSISTENT
from chassis.link import Link, send

#: Seconds for the confirms of one batch; a broker that needs longer is taken for lost and the batch sent again. Less
#: than a silent leader keeps its lock (`leadership.SESSION_TIMEOUT`).
CONFIRM_TIMEOUT = 20


class Unconfirmed(Exception):
    """The link was lost, the broker takes nothing, or confirms did not come in time; send the batch again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ids of messages that the broker refused (nack), and of those that no queue was bound for."""

    refused: frozenset[str]
    returned: frozenset[str]


class Confirms:
    """A publishing channel in confirm mode. One batch at a time: `publish` some, then `wait`."""

    def __init__(self, link: Link) -> None:
        """Make before anybody reads the link."""
        self._link = link
        self._channel = channel = link.channel()
        self._next_tag = 1
        self._open: dict[int, str] = {}
        self._refused: set[str] = set()
        self._returned: set[str] = set()
        self._waiter: Event | None = None
        channel.events["basic_ack"].add(self._acked)
        channel.events["basic_nack"].add(self._nacked)
        channel.events["basic_return"].add(self._came_back)
        channel.confirm_select()

    def publish(self, exchange: str, key: str, body: bytes, message_id: str, **properties: Any) -> None:
        """Write one persistent, mandatory message. Raises Unconfirmed, and writes nothing, on a blocked link.

        What was written before stays in memory, at most one attempt's, and goes out when the alarm is over.
        """
        message = amqp.Message(body, delivery_mode=PERSISTENT, message_id=message_id, **properties)
        self.send(exchange, key, message, message_id)

    def send(self, exchange: str, key: str, message: Any, message_id: str) -> None:
        """As `publish`, for a message that is ready."""
        if self._link.blocked:
            raise Unconfirmed("blocked")
        send(self._channel, exchange, key, message, mandatory=True)
        self._open[self._next_tag] = message_id
        self._next_tag += 1

    def wait(self, seconds: float = CONFIRM_TIMEOUT) -> Outcome:
        """Wait until each written message is confirmed, refused or returned. Raises Unconfirmed."""
        if self._open:
            self._waiter = Event()
            try:
                with eventlet.Timeout(seconds, Unconfirmed("no confirm in time")):
                    self._waiter.wait()
            except Unconfirmed:
                # so that no late confirm is taken for one of the next attempt; under an alarm it comes for sure
                if not self._link.blocked:
                    self._link.cut()
                raise
            finally:
                self._waiter = None
        outcome = Outcome(frozenset(self._refused), frozenset(self._returned))
        self._refused, self._returned = set(), set()
        return outcome

    def lost(self) -> None:
        """The link is gone: whoever waits must send again."""
        if self._waiter is not None and not self._waiter.ready():
            self._waiter.send_exception(Unconfirmed("link lost"))

    def _acked(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple)

    def _nacked(self, tag: int, multiple: bool) -> None:
        self._refused.update(self._settle(tag, multiple))

    def _came_back(self, _: Exception, __: str, ___: str, message: Any) -> None:
        # a return comes before the confirm of the same message
        self._returned.add(message.properties["message_id"])

    def _settle(self, tag: int, multiple: bool) -> list[str]:
        tags = [open_tag for open_tag in self._open if open_tag <= tag] if multiple else [tag]
        settled = [self._open.pop(one) for one in tags]
        if not self._open and self._waiter is not None and not self._waiter.ready():
            self._waiter.send(None)
        return settled
