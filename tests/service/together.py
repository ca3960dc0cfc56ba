"""Lets tests do several things at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import text

from chassis.database import Database
from chassis.errors import Refused
from tests.chassis.waiting import eventually

#: How many sessions of this database wait for a lock.
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls together; gives what each answered, or the code with which it was refused."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def await_waiters(database: Database, many: int = 1) -> None:
    """Wait until so many sessions of a database wait for a lock; fails where they do not come."""
    with database.reader.connect() as watcher:
        eventually(lambda: watcher.scalar(_WAITING) >= many, f"{many} should wait for a lock")
