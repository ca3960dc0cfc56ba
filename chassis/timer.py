"""Does what is due by the business day, one row after the other, whichever process of the service looks first."""

from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis import dues, metrics, outbox
from chassis.actor import SYSTEM
from chassis.backoff import Backoff
from chassis.database import Database, is_conflict, is_outage
from chassis.topology_names import RETRY_STEPS
from chassis.tree import UnionTree
from chassis.work import Work

log = structlog.get_logger(__name__)

#: Seconds between looks at what is due; whoever sets a row that is due already, or moves the clock, wakes the timer.
IDLE = 1.0
#: Seconds to wait while the database is away: at first, and at most.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
#: Seconds before a row is tried again whose handler met somebody's lock.
BUSY = 0.5
#: Seconds before a row is tried again whose handler failed once, twice … and each time after that.
RETRIES = tuple(milliseconds / 1000 for milliseconds in RETRY_STEPS.values())


class Timer:
    """The timer of one process; those of all processes of a service take turns."""

    def __init__(self, database: Database, tree: UnionTree, own: Any = None, committed: Any = lambda: None) -> None:
        """`own` is what only this service has; `committed` is called after each commit that recorded events."""
        self._database = database
        self._tree = tree
        self._own = own
        self._committed = committed
        self._woken = Event()
        self._stopping = False
        self._stopped = Event()

    def start(self, spawn: Any) -> None:
        """Begin; `spawn` starts a loop that lives as long as the process."""
        event.listen(Session, "after_commit", self._wake_if_due)
        spawn(self._run)

    def stop(self) -> None:
        """End after the row in hand."""
        self._stopping = True
        self.wake()
        self._stopped.wait()
        event.remove(Session, "after_commit", self._wake_if_due)

    def wake(self) -> None:
        """Something may be due: look now."""
        if not self._woken.ready():
            self._woken.send(None)

    def run_due(self) -> int:
        """Run the handlers of all that is due, and of what they make due; gives how many were run.

        Raises SQLAlchemyError when the database is away.
        """
        ran = 0
        while not self._stopping and self._run_earliest():
            ran += 1
        return ran

    def _run(self) -> None:
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while not self._stopping:
            try:
                self.run_due()
                backoff.reset()
                self._wait()
            except SQLAlchemyError as error:
                if not (is_outage(error) or is_conflict(error)):
                    log.exception("timer_failed")
                backoff.pause()
        self._stopped.send(None)

    def _wait(self) -> None:
        with eventlet.Timeout(IDLE, False):
            self._woken.wait()
        self._woken = Event()

    def _run_earliest(self) -> bool:
        """Take the earliest row and do what it asks for; False where nothing is due."""
        taken = None
        try:
            with Session(self._database.writer, expire_on_commit=False) as session:
                taken = dues.take(session)
                if taken is None:
                    return False
                self._fall_due(session, taken)
        except Exception as error:
            if taken is None or is_outage(error):
                raise
            self._put_off(taken, error)
        return True

    def _fall_due(self, session: Session, taken: dues.Taken) -> None:
        work = Work(session, SYSTEM, self._tree, taken.set_day, own=self._own)
        dues.CLOCKS[taken.clock](work, taken.aggregate_id)
        outbox.record(session, work.recorded)
        session.commit()
        metrics.FELL_DUE.labels(taken.clock, "done").inc()
        if work.recorded:
            self._committed()

    def _put_off(self, taken: dues.Taken, error: Exception) -> None:
        """Let the others go on; nobody's fault is a lock that somebody held."""
        busy = is_conflict(error)
        failures = taken.failures + (not busy)
        seconds = BUSY if busy else RETRIES[min(failures, len(RETRIES)) - 1]
        if not busy:
            log.error("due_failed", clock=taken.clock, aggregate_id=str(taken.aggregate_id), exc_info=error)
        with self._database.writer.begin() as connection:
            dues.put_off(connection, taken, seconds, failures)
        metrics.FELL_DUE.labels(taken.clock, "busy" if busy else "failed").inc()

    def _wake_if_due(self, session: Session) -> None:
        if session.bind is self._database.writer and session.info.pop(dues.FELL_DUE, False):
            self.wake()
