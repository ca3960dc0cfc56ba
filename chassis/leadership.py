"""Who publishes: the process whose session holds the service's advisory lock, and no other."""

import time
from collections.abc import Callable
from typing import Any

import psycopg2
from eventlet.semaphore import Semaphore

from chassis.database import arguments

#: The advisory lock of a service's relay; the number only has to be the same everywhere.
LOCK = 0x756E696F6E
#: Seconds after which PostgreSQL ends the session of a leader that says nothing: it is frozen, another takes over.
SESSION_TIMEOUT = 30
#: Seconds between signs of life of an idle leader.
BEAT = 5


class LeadershipLost(Exception):
    """The session that held the lock is gone; another process may lead already."""


class Leadership:
    """One session that tries to hold the lock. What must not happen twice is run on this session, in a transaction."""

    def __init__(self, url: str, service: str) -> None:
        self._connect = arguments(
            url,
            application_name=f"unionhall.{service}.relay",
            options=f"-c idle_session_timeout={SESSION_TIMEOUT}s"
            f" -c idle_in_transaction_session_timeout={SESSION_TIMEOUT}s -c statement_timeout=20s",
        )
        self._session: Any = None
        self._held = False
        self._turn = Semaphore()
        self._last_beat = 0.0

    @property
    def held(self) -> bool:
        """Whether this process leads, as far as it knows."""
        return self._held

    def take(self) -> bool:
        """Try to take the lead, or keep it. Raises psycopg2.Error when the database is away."""
        if self._held:
            return True
        if self._session is None:
            self._session = psycopg2.connect(**self._connect)
            self._session.autocommit = True
        self._held = self._ask("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        return self._held

    def beat(self) -> None:
        """Show the database that the leader lives. Raises LeadershipLost."""
        if time.monotonic() - self._last_beat > BEAT:
            self.run(lambda cursor: cursor.execute("SELECT 1"))

    def run(self, statement: Callable[[Any], None]) -> None:
        """Run one statement on the session that holds the lock. Raises LeadershipLost."""
        with self._turn:
            try:
                with self._session.cursor() as cursor:
                    statement(cursor)
                self._last_beat = time.monotonic()
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                self._forget()
                raise LeadershipLost from error

    def release(self) -> None:
        """Give up the lead; the next process takes over at its next look."""
        self._forget()

    def _ask(self, statement: str, values: tuple[int, ...]) -> bool:
        try:
            with self._session.cursor() as cursor:
                cursor.execute(statement, values)
                return bool(cursor.fetchone()[0])
        except psycopg2.Error:
            self._forget()
            raise

    def _forget(self) -> None:
        session, self._session, self._held = self._session, None, False
        if session is not None:
            session.close()
