"""Publishes the outbox: one leader per service, in batches, marking what the broker has confirmed."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import eventlet
import psycopg2
import structlog
from eventlet.event import Event
from sqlalchemy.exc import SQLAlchemyError

from chassis import metrics
from chassis.backoff import Backoff
from chassis.confirms import Confirms, Outcome, Unconfirmed
from chassis.database import Database, is_outage
from chassis.failpoints import failpoint
from chassis.leadership import Leadership, LeadershipLost
from chassis.link import Link
from chassis.linked import Linked
from chassis.outbox_log import Row, mark, pending
from chassis.topology_names import events_exchange
from chassis.wakeup import Wakeup
from contracts import registry

log = structlog.get_logger(__name__)

#: Events published before their confirms are awaited (ADR 0003).
BATCH = 1000
#: Seconds between looks at an idle outbox; a wake-up comes sooner.
IDLE = 0.5
#: Seconds to wait after a failure: at first, and at most.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
#: Seconds that the last batch gets for its confirms when the process is told to stop; what has none is sent again.
LAST_CONFIRMS = 5.0


class Refusal(Exception):
    """The broker refused an event or had no queue for one that a service declares; it is tried again."""


class Relay:
    """The publishing side of one process. Only the one that holds the service's advisory lock publishes."""

    def __init__(self, service: str, uri: str, heartbeat: int, database: Database) -> None:
        self._service = service
        self._database = database
        self._linked = Linked(uri, f"{service}.relay", heartbeat, self._up, self._down)
        self._leadership = Leadership(database.url, service)
        self._wakeup = Wakeup(database.url)
        self._confirms: Confirms | None = None
        self._size = BATCH
        self._stopping = False
        self._stopped = Event()

    def start(self, spawn: Any) -> None:
        """Begin; `spawn` starts a loop that lives as long as the process."""
        spawn(self._linked.run)
        spawn(self._wakeup.run)
        spawn(self._run)

    def stop(self) -> None:
        """Finish the batch in hand, give up the lead and end the link."""
        self._stopping = True
        self._wakeup.wake_here()
        with eventlet.Timeout(LAST_CONFIRMS, False):
            self._stopped.wait()
        # a broker under an alarm confirms nothing; whoever waits for it learns so from the end of the link
        self._linked.stop()
        self._stopped.wait()
        self._wakeup.stop()

    def wake(self) -> None:
        """Something was recorded: publish it now, here or wherever the leader is."""
        if self._leadership.held:
            self._wakeup.wake_here()
        else:
            self._wakeup.wake_leader()

    @property
    def leads(self) -> bool:
        """Whether this process's relay publishes."""
        return self._leadership.held

    @property
    def connected(self) -> bool:
        """Whether the link to the broker is up."""
        return self._linked.connected

    def _run(self) -> None:
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while not self._stopping:
            try:
                if self._confirms is None:
                    # who cannot reach the broker must not keep from leading who can
                    self._leadership.release()
                elif self._leadership.take():
                    metrics.LEADER.set(1)
                    self._lead()
                backoff.reset()
                if not self._stopping:
                    self._wakeup.wait(IDLE)
            except (Refusal, Unconfirmed, LeadershipLost, SQLAlchemyError, psycopg2.Error) as error:
                log.warning("relay_paused", error=type(error).__name__)
                if isinstance(error, SQLAlchemyError) and not is_outage(error):
                    log.exception("relay_statement_failed")
                if not self._stopping:
                    backoff.pause()
            finally:
                metrics.LEADER.set(int(self._leadership.held))
        self._leadership.release()
        self._stopped.send(None)

    def _lead(self) -> None:
        """Publish until the outbox is empty. Marking one batch overlaps with reading and sending the next."""
        # first, for under an alarm nothing is marked, and a leader that says nothing loses its session
        self._leadership.beat()
        marking = None
        in_hand: Sequence[Row] = ()
        try:
            while not self._stopping and self._confirms is not None:
                batch = pending(self._database.reader, [row.position for row in in_hand], self._size)
                if not batch:
                    break
                failpoint("relay.before_publish")
                done, failed = self._send(batch)
                if marking is not None:
                    marking.wait()
                marking, in_hand = eventlet.spawn(self._mark, done), done
                # what stands behind a refused event would go out again with each try
                self._size = 1 if failed else BATCH
                if failed:
                    raise Refusal
        finally:
            if marking is not None:
                marking.wait()

    def _send(self, batch: Sequence[Row]) -> tuple[list[Row], bool]:
        """Publish a batch; gives the rows before the first failure, and whether there was one. Raises Unconfirmed."""
        exchange, confirms = events_exchange(self._service), self._confirms
        if confirms is None:
            raise Unconfirmed("no link")
        for row in batch:
            confirms.send(exchange, row.key, row.message, row.event_id)
        outcome = confirms.wait()
        done = list(takewhile(lambda row: not _failed(row, outcome), batch))
        for row in done:
            row.unrouted = row.event_id in outcome.returned
        return done, len(done) < len(batch)

    def _mark(self, rows: Sequence[Row]) -> None:
        failpoint("relay.before_mark")
        if not rows:
            return
        self._leadership.run(lambda cursor: mark(cursor, rows))
        metrics.PUBLISHED.inc(len(rows))
        for row in rows:
            if row.unrouted:
                metrics.UNROUTED.labels(row.event_type).inc()

    def _up(self, link: Link) -> None:
        self._confirms = Confirms(link)
        self._wakeup.wake_here()

    def _down(self) -> None:
        confirms, self._confirms = self._confirms, None
        if confirms is not None:
            confirms.lost()


def _failed(row: Row, outcome: Outcome) -> bool:
    """Refused, or returned although some service names this event."""
    if row.event_id in outcome.refused:
        return True
    return row.event_id in outcome.returned and registry.is_consumed(registry.events()[row.event_type])
