"""Runs queued jobs, one at a time in each process, and keeps telling that they live."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from sqlalchemy import Row, func, update
from sqlalchemy.exc import SQLAlchemyError

from chassis import jobs
from chassis.actor import Actor
from chassis.database import Database, is_outage
from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from chassis.tables import job
from chassis.tree import UnionTree

log = structlog.get_logger(__name__)

#: Seconds between looks for a queued job, and between a running job's signs of life.
LOOK, BEAT = 0.5, 5.0
#: What passes by itself: the job waits its turn again.
_PASSING = (ServiceUnavailable, DeadlineExceeded, jobs.Interrupted)


class JobRunner:
    """The worker of one process."""

    def __init__(
        self, database: Database, tree: UnionTree, file_key: bytes, ask: Callable[..., Any] | None = None
    ) -> None:
        """`ask` lets the gateway's jobs ask services."""
        self._database = database
        self._tree = tree
        self._file_key = file_key
        self._ask = ask
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
                with self._database.writer.begin() as connection:
                    claimed = jobs.claim(connection)
                if claimed is None:
                    eventlet.sleep(LOOK)
                else:
                    self._do(claimed)
            except SQLAlchemyError as error:
                if not is_outage(error):
                    log.exception("job_runner_failed")
                eventlet.sleep(LOOK)
        self._stopped.send(None)

    def _do(self, row: Row[Any]) -> None:
        actor = Actor.from_wire(row.actor)
        running = jobs.Running(
            id=row.id,
            request=row.request,
            actor=actor,
            progress=row.progress,
            database=self._database,
            tree=self._tree,
            file_key=self._file_key,
            ask=self._ask,
            stopping=lambda: self._stopping,
        )
        beats = eventlet.spawn(self._beat, row)
        try:
            result = jobs.KINDS[row.kind](running)
        except jobs.Cancelled:
            jobs.end(self._database, row.id, "cancelled")
        except Refused as refusal:
            jobs.end(self._database, row.id, "failed", failure=refusal.to_wire())
        except _PASSING:
            self._put_back(row)
            eventlet.sleep(LOOK)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("job_failed", job_id=str(row.id), kind=row.kind)
            jobs.end(self._database, row.id, "failed", failure=Refused("internal_error").to_wire())
        else:
            jobs.end(self._database, row.id, "done", result=result)
        finally:
            beats.kill()

    def _put_back(self, row: Row[Any]) -> None:
        with self._database.writer.begin() as connection:
            connection.execute(update(job).where(job.c.id == row.id).values(state="queued"))

    def _beat(self, row: Row[Any]) -> None:
        while True:
            eventlet.sleep(BEAT)
            alive = update(job).where(job.c.id == row.id).values(heartbeat_at=func.clock_timestamp())
            with suppress(SQLAlchemyError), self._database.writer.begin() as connection:
                connection.execute(alive)
