"""Lets a transaction begin with its first statement and end with its last: two round trips fewer on every write."""

from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

#: What replaces `postgresql` in the URL of an engine for units of work; its connections must be in autocommit.
DRIVER = "postgresql.joined"


class JoinedTransactions(PGDialect_psycopg2):
    """psycopg2 in autocommit, with BEGIN written before the first statement instead of sent ahead of it.

    A statement may end in `; COMMIT`: the commit that follows then has nothing left to do. Commit and rollback ask the
    connection itself whether a transaction is open, for psycopg2 believes that in autocommit there is none.
    """

    supports_statement_cache = True

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Execute, beginning a transaction if none is open."""
        cursor.execute(statement if _open(cursor.connection) else f"BEGIN; {statement}", parameters)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Execute for each row, beginning a transaction if none is open."""
        if not _open(cursor.connection):
            cursor.execute("BEGIN")
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit what is open."""
        _end(dbapi_connection, "COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back what is open; a connection that is lost raises, so that no pool keeps it."""
        _end(dbapi_connection, "ROLLBACK")


def _open(connection: Any) -> bool:
    return bool(connection.get_transaction_status() != TRANSACTION_STATUS_IDLE)


def _end(connection: Any, statement: str) -> None:
    if _open(connection):
        with connection.cursor() as cursor:
            cursor.execute(statement)


registry.register(DRIVER, __name__, JoinedTransactions.__name__)
