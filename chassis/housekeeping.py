"""Deletes what time has made useless: answers under old keys, files nobody fetched, jobs that ended long ago."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import eventlet
import structlog
from sqlalchemy import Column, ColumnElement, delete, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from chassis import files
from chassis.database import Database
from chassis.errors import DeadlineExceeded, ServiceUnavailable
from chassis.tables import idempotency, job

log = structlog.get_logger(__name__)

#: Seconds between rounds.
INTERVAL = 3600.0
#: How long an answer can be had again by its key; clients repeat within minutes.
KEYS_KEPT = timedelta(days=7)
#: How long it can be looked up how a job ended: weeks after its file and its key are gone, so that neither names a job
#: that nobody knows.
JOBS_KEPT = timedelta(days=30)
#: Rows deleted in one transaction.
CHUNK = 5000


class Housekeeping:
    """The cleaner of one process; several at once do no harm."""

    def __init__(self, database: Database, *also: Callable[[Database], None]) -> None:
        """Each of `also` cleans in every round what the chassis does not know of."""
        self._database = database
        self._also = also

    def start(self, spawn: Any) -> None:
        """Begin; `spawn` starts a loop that lives as long as the process."""
        spawn(self._run)

    def clean(self) -> None:
        """One round."""
        files.sweep(self._database)
        self._forget(idempotency.c.recorded_at, KEYS_KEPT)
        # an open job has no such moment, and stays
        self._forget(job.c.ended_at, JOBS_KEPT)
        for clean in self._also:
            clean(self._database)

    def _run(self) -> None:
        while True:
            eventlet.sleep(INTERVAL)
            try:
                self.clean()
            except (SQLAlchemyError, ServiceUnavailable, DeadlineExceeded) as error:
                log.warning("not_cleaned", error=type(error).__name__)

    def _forget(self, moment: Column[Any], kept: timedelta) -> None:
        """Delete the rows whose moment is so long ago, a part at a time."""
        row: ColumnElement[str] = literal_column("ctid")
        some = select(row).select_from(moment.table).where(moment < func.clock_timestamp() - kept).limit(CHUNK)
        gone = CHUNK
        while gone == CHUNK:
            with self._database.writer.begin() as connection:
                gone = connection.execute(delete(moment.table).where(row.in_(some))).rowcount
