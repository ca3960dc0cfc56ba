"""Takes events from the service's one queue in batches: all of a batch or, when it fails, each by itself."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import eventlet
import orjson
import structlog
from eventlet.event import Event
from greenlet import GreenletExit
from nameko.extensions import Entrypoint

from chassis import metrics
from chassis.backoff import Backoff
from chassis.confirms import Confirms, Unconfirmed
from chassis.database import is_conflict, is_outage
from chassis.errors import ServiceUnavailable
from chassis.failpoints import failpoint
from chassis.ladder import Failure, Ladder
from chassis.link import Link, ack, cancel
from chassis.linked import Linked
from chassis.settings import Settings
from chassis.topology_names import event_queue
from contracts.envelope import Envelope, InvalidEnvelope
from contracts.validation import InvalidEvent, UnknownEvent, validate

log = structlog.get_logger(__name__)

#: Events in a batch at most, and seconds to wait for it to fill.
SIZE, WAIT = 200, 0.05
#: Seconds to wait when the database or the broker is away: at first, and at most.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
#: Seconds that what climbs the ladder gets for its confirm when the process is told to stop; else it comes again.
LAST_CONFIRMS = 5.0

GivenT = TypeVar("GivenT")
ResultT = TypeVar("ResultT")

#: An event that no second try can help.
_PERMANENT = (InvalidEnvelope, InvalidEvent, UnknownEvent)


class Intake(Entrypoint):
    """Calls its method with batches of validated events; acknowledges after the method's commit."""

    def __init__(self, **details: Any) -> None:
        super().__init__(**details)
        self._arrived: list[Any] = []
        self._fresh = Event()
        self._channel: Any = None
        self._consumer: str | None = None
        self._busy = False
        self._stopping = False
        self._stopped = Event()

    def setup(self) -> None:
        """Prepare two links: one that only takes, and one that publishes, so that an alarm never stops acks."""
        settings: Settings = self.container.config["settings"]
        name = self.container.service_name
        self._queue = event_queue(name)
        self._taking = Linked(settings.amqp_uri, f"{name}.intake", settings.heartbeat, self._up, self._down)
        self.ladder = Ladder(name)
        self._giving = Linked(
            settings.amqp_uri, f"{name}.ladder", settings.heartbeat, self._ladder_up, self.ladder.down
        )

    def start(self) -> None:
        """Begin to take events."""
        for loop in (self._taking.run, self._giving.run, self._run):
            self.container.spawn_managed_thread(loop)

    def stop(self) -> None:
        """Take no more, finish the batch in hand, acknowledge it, end the links."""
        self._stopping = True
        if self._consumer is not None and self._taking.link is not None:
            cancel(self._channel, self._consumer)
            self._taking.link.flush()
        self._wake()
        with eventlet.Timeout(LAST_CONFIRMS, False):
            self._stopped.wait()
        # a broker under an alarm confirms nothing; whoever waits for it learns so from the end of the link
        self._giving.stop()
        self._stopped.wait()
        self._taking.stop()

    @property
    def connected(self) -> bool:
        """Whether events can arrive."""
        return self._taking.connected

    @property
    def idle(self) -> bool:
        """Whether no event is in hand."""
        return not self._arrived and not self._busy

    def _up(self, link: Link) -> None:
        channel = link.channel()
        # the next batch arrives while this one commits
        channel.basic_qos(0, 2 * SIZE, False)
        self._arrived, self._channel = [], channel
        if not self._stopping:
            self._consumer = channel.basic_consume(self._queue, callback=self._arrive)

    def _down(self) -> None:
        self._consumer, self._arrived = None, []

    def _ladder_up(self, link: Link) -> None:
        self.ladder.up(Confirms(link))

    def _arrive(self, message: Any) -> None:
        self._arrived.append(message)
        if len(self._arrived) in (1, SIZE):
            self._wake()

    def _wake(self) -> None:
        if not self._fresh.ready():
            self._fresh.send(None)

    def _next(self) -> list[Any]:
        """The first message and what comes until the batch is full or WAIT has passed; empty at the end."""
        while not self._arrived and not self._stopping:
            self._fresh = Event()
            self._fresh.wait()
        if len(self._arrived) < SIZE and not self._stopping:
            self._fresh = Event()
            with eventlet.Timeout(WAIT, False):
                self._fresh.wait()
        batch, self._arrived = self._arrived[:SIZE], self._arrived[SIZE:]
        self._busy = bool(batch)
        return batch

    def _run(self) -> None:
        while not self._stopping:
            batch = self._next()
            if batch:
                self._take(batch)
                self._busy = False
        self._stopped.send(None)

    def _take(self, batch: Sequence[Any]) -> None:
        if self._until_done(self._handle, batch) is None:
            self._ack(batch[-1], multiple=True)
            return
        for message in batch:
            failure = self._until_done(self._handle, [message])
            if failure is not None:
                exchange = self._until_done(partial(self.ladder.take, message), failure)
                log.warning("event_failed", event_id=message.properties.get("message_id"), to=exchange)
                metrics.HANDLED.labels(exchange).inc()
            self._ack(message)

    def _until_done(self, step: Callable[[GivenT], ResultT], given: GivenT) -> ResultT:
        """Repeat a step while the database or the broker is away; nothing is acknowledged meanwhile.

        Raises greenlet.GreenletExit when the process is told to stop first: the broker will deliver again.
        """
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while True:
            try:
                return step(given)
            except (Unconfirmed, ServiceUnavailable) as error:
                log.warning("intake_paused", error=type(error).__name__)
                if self._stopping:
                    self._stopped.send(None)
                    raise GreenletExit from error
                backoff.pause()

    def _handle(self, batch: Sequence[Any]) -> Failure | None:
        """Run the method on a batch in a worker; gives why it failed, or None.

        Raises ServiceUnavailable when the database is away, which is nobody's failure.
        """
        try:
            events = [_read(message) for message in batch]
        except _PERMANENT as invalid:
            return Failure.of(invalid, permanent=True)
        error = self._work(events)
        if error is None:
            metrics.HANDLED.labels("ok").inc(len(events))
            return None
        if isinstance(error, ServiceUnavailable) or is_conflict(error) or is_outage(error):
            raise ServiceUnavailable("database") from error
        return Failure.of(error, permanent=False)

    def _work(self, events: Sequence[Envelope]) -> BaseException | None:
        done = Event()

        def finished(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(exc_info[1] if exc_info else None)
            return result, exc_info

        self.container.spawn_worker(self, (events,), {}, handle_result=finished)
        error: BaseException | None = done.wait()
        return error

    def _ack(self, message: Any, multiple: bool = False) -> None:
        failpoint("subscription.before_ack")
        # after a loss the broker delivers again, and the inbox knows
        if message.channel is self._channel and self._taking.connected:
            ack(self._channel, message.delivery_info["delivery_tag"], multiple)


def _read(message: Any) -> Envelope:
    """The envelope in a message, checked against its schema. Raises one of _PERMANENT."""
    try:
        body = orjson.loads(message.body)
    except orjson.JSONDecodeError as error:
        raise InvalidEnvelope("not JSON") from error
    validate(body)
    return Envelope.parse(body)
