"""The toy's database as tests read it, and locks for toys to wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select, text

from chassis.database import Database
from tests.chassis.toy_tables import cured, effect


class Books:
    """The toy's database, as the tests read it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def effects(self, of: str) -> int:
        """How often an event or command took effect."""
        return int(self.scalar(select(func.count()).select_from(effect).where(effect.c.of == of)))

    def effects_called(self, title: str) -> int:
        """How often what has this title took effect."""
        return int(self.scalar(select(func.count()).select_from(effect).where(effect.c.text == title)))

    def published(self, subject: str) -> bool:
        """Whether an aggregate's first event has left the outbox."""
        query = "SELECT count(*) FROM outbox WHERE aggregate_id = :subject AND published_at IS NOT NULL"
        return bool(self.scalar(query, subject=subject))

    def cure(self, title: str) -> None:
        with self.database.writer.begin() as connection:
            connection.execute(cured.insert().values(text=title))

    def scalar(self, query: Any, **values: Any) -> Any:
        with self.database.reader.connect() as connection:
            return connection.scalar(text(query) if isinstance(query, str) else query, values)

    @contextmanager
    def held(self, number: int) -> Iterator["Lock"]:
        """Make everything wait that says `wait <number>`, to the end of the block at the latest."""
        with self.database.writer.connect() as connection:
            lock = Lock(connection, number)
            try:
                yield lock
            finally:
                lock.release()


class Lock:
    """What toys wait for."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection, self._number = connection, number
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

    def keeps(self, number: int) -> bool:
        """Whether so many wait by now."""
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :number AND NOT granted"
        count: int = self._connection.execute(text(waiting), {"number": self._number}).scalar_one()
        return count >= number

    def release(self) -> None:
        self._connection.commit()
