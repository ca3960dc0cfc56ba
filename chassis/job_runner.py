"""Runs queued jobs, one at a time in each process; a process that dies or falls silent loses its job to another."""

from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import SQLAlchemyError

from chassis import jobs
from chassis.database import Database, is_outage
from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from chassis.tree import UnionTree
from kernel.ids import new_id

log = structlog.get_logger(__name__)

#: Seconds between looks for a queued job.
LOOK = 0.5
#: Seconds between signs of life of the process that runs a job, and of silence after which the job is another's.
BEAT, SILENCE = 5.0, 30
#: What passes by itself: the job waits its turn again.
_PASSING = (ServiceUnavailable, DeadlineExceeded, jobs.Interrupted)


class JobRunner:
    """The worker of one process."""

    def __init__(
        self,
        database: Database,
        tree: UnionTree,
        file_key: bytes,
        ask: Callable[..., Any] | None = None,
        own: Any = None,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """`ask` lets the gateway's jobs ask services; `own` is what only this service has.

        `committed` is called after each commit that recorded events.
        """
        self._database = database
        self._tree = tree
        self._file_key = file_key
        self._ask = ask
        self._own = own
        self._committed = committed
        self._stopping = False
        self._stopped = Event()

    def start(self, spawn: Any) -> None:
        """Begin; `spawn` starts a loop that lives as long as the process."""
        spawn(self._run)

    def stop(self) -> None:
        """Let the job in hand stop at its next report; another process goes on with it."""
        self._stopping = True
        self._stopped.wait()

    def _run(self) -> None:
        while not self._stopping:
            try:
                if not self._take_turn():
                    eventlet.sleep(LOOK)
            except SQLAlchemyError as error:
                if not is_outage(error):
                    log.exception("job_runner_failed")
                eventlet.sleep(LOOK)
        self._stopped.send(None)

    def _take_turn(self) -> bool:
        """Do the job whose turn it is; False if there is none."""
        with self._database.reader.connect() as connection:
            if not jobs.is_any_free(connection):
                return False
        holder = f"unionhall.job.{new_id()}"
        with self._database.session(holder, SILENCE) as session:
            with self._database.writer.begin() as connection:
                claimed = jobs.claim(connection, holder)
            if claimed is not None:
                self._do(claimed, session)
        return claimed is not None

    def _do(self, row: Row[Any], session: Connection) -> None:
        running = jobs.Running(
            id=row.id,
            holder=row.holder,
            request=row.request,
            asked_by=row.actor,
            progress=row.progress,
            database=self._database,
            tree=self._tree,
            file_key=self._file_key,
            ask=self._ask,
            stopping=lambda: self._stopping,
            own=self._own,
            committed=self._committed,
        )
        beats = eventlet.spawn(_beat, session)
        try:
            if row.cancel_requested:
                raise jobs.Cancelled
            result = jobs.KINDS[row.kind](running)
        except jobs.Cancelled:
            running.end("cancelled")
        except Refused as refusal:
            running.end("failed", failure=refusal.to_wire())
        except _PASSING:
            running.put_back()
            eventlet.sleep(LOOK)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("job_failed", job_id=str(row.id), kind=row.kind)
            running.end("failed", failure=Refused("internal_error").to_wire())
        else:
            running.end("done", result=result)
        finally:
            beats.kill()


def _beat(session: Connection) -> None:
    """Keep a session from ending; one that is lost anyhow leaves the job to whoever looks next."""
    while True:
        eventlet.sleep(BEAT)
        try:
            session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return
