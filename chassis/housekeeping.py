"""Deletes what time has made useless: answers under old keys, files nobody fetched."""

from datetime import timedelta
from typing import Any

import eventlet
import structlog
from sqlalchemy import ColumnElement, delete, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from chassis import files
from chassis.database import Database
from chassis.tables import idempotency

log = structlog.get_logger(__name__)

#: Seconds between rounds.
INTERVAL = 3600.0
#: How long an answer can be had again by its key; clients repeat within minutes.
KEYS_KEPT = timedelta(days=7)
#: Rows deleted in one transaction.
CHUNK = 5000


class Housekeeping:
    """The cleaner of one process; several at once do no harm."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, spawn: Any) -> None:
        """Begin; `spawn` starts a loop that lives as long as the process."""
        spawn(self._run)

    def clean(self) -> None:
        """One round."""
        files.sweep(self._database)
        while self._forget_keys() == CHUNK:
            pass

    def _run(self) -> None:
        while True:
            eventlet.sleep(INTERVAL)
            try:
                self.clean()
            except SQLAlchemyError as error:
                log.warning("not_cleaned", error=type(error).__name__)

    def _forget_keys(self) -> int:
        row: ColumnElement[str] = literal_column("ctid")
        old = idempotency.c.recorded_at < func.clock_timestamp() - KEYS_KEPT
        some = select(row).select_from(idempotency).where(old).limit(CHUNK)
        with self._database.writer.begin() as connection:
            return connection.execute(delete(idempotency).where(row.in_(some))).rowcount
