"""One service's database: an engine for units of work, and one for reads, each its own transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.dialect import DRIVER
from chassis.errors import DeadlineExceeded, ServiceUnavailable

#: Connections of one engine: on two cores eight reach more than fifty (ADR 0008).
POOL_SIZE = 8
#: Seconds a greenlet waits for a free connection before the caller is told to come again.
POOL_TIMEOUT = 5.0
#: Guards against a forgotten transaction or an endless lock; shorter than a command's deadline of 10 s.
_SESSION = "-c statement_timeout=9000 -c lock_timeout=8000 -c idle_in_transaction_session_timeout=20000 -c timezone=UTC"
#: How often a unit of work is tried when PostgreSQL ends the connection under it.
TRIES = 2

#: So that a connection to a server that is gone does not wait for ever.
_PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
}
_CONNECT = {"options": _SESSION, **_PATIENCE}
#: States of a serialisation failure, a deadlock, and a lock that was not given in time.
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})

T = TypeVar("T")


class Database:
    """The two engines of a process. Both keep a small LIFO pool."""

    def __init__(self, url: str) -> None:
        self.url = url
        joined = make_url(url).set(drivername=DRIVER.replace(".", "+"))
        self.writer = _engine(joined, isolation_level="AUTOCOMMIT")
        self.reader = _engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)

    def session(self, name: str, silence: int) -> Connection:
        """A connection of its own, under a name that other sessions can see; it ends with the process.

        PostgreSQL also ends it, and frees the name, after `silence` seconds without a statement.
        """
        options = {"application_name": name, "options": f"{_SESSION} -c idle_session_timeout={silence}s"}
        engine = create_engine(
            self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=_CONNECT | options
        )
        return engine.connect()

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def _engine(url: str | URL, **details: Any) -> Engine:
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        pool_use_lifo=True,
        connect_args=_CONNECT,
        # a statement's values may be personal data, and errors are logged
        hide_parameters=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        **details,
    )


def arguments(url: str, **details: str) -> dict[str, Any]:
    """What `psycopg2.connect` takes for a connection beside the pools."""
    parts = make_url(url)
    address = {"host": parts.host, "port": parts.port, "dbname": parts.database}
    return {**address, "user": parts.username, "password": parts.password, **_PATIENCE, **details}


class CommitLost(Exception):
    """The connection was lost while it committed: it may be done or not, and only the key can tell."""


@contextmanager
def committing() -> Iterator[None]:
    """Around whatever commits. Raises CommitLost if the database went away before it said whether it did."""
    try:
        yield
    except SQLAlchemyError as error:
        if is_outage(error):
            raise CommitLost from error
        raise


def retried(unit: Callable[[], T], tries: int = TRIES) -> T:
    """Run a unit of work, again if its connection was lost: the key it carries makes that safe.

    Raises ServiceUnavailable when PostgreSQL stays away, has no connection to give or lets another transaction stand in
    the way, and nothing was done; DeadlineExceeded when something may have been done.
    """
    doubt = False
    for tries_left in reversed(range(tries)):
        try:
            return unit()
        except CommitLost as error:
            doubt = True
            if not tries_left:
                raise DeadlineExceeded("database") from error
        except SQLAlchemyError as error:
            waited = isinstance(error, PoolTimeout) or is_conflict(error)
            if not (waited or is_outage(error)):
                raise
            if waited or not tries_left:
                raise (DeadlineExceeded if doubt else ServiceUnavailable)("database") from error
    raise AssertionError("unreachable")


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction stood in the way: the same unit of work will pass later."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "pgcode", None) in _CONFLICTS


def is_outage(error: BaseException) -> bool:
    """Whether the database went away or is out of connections, rather than refused a statement."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "pgcode", None)
    if isinstance(error, ProgrammingError) and state is None:
        return False  # a value that the driver itself does not take
    # class 57P: shutdown, crash, starting up; 53300: no connection left; no code at all: never reached
    return bool(error.connection_invalidated or (state or "57P00").startswith("57P") or state == "53300")
