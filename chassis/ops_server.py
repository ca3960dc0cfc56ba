"""Tells operators and orchestrators how one process is: /live, /ready and /metrics on a port of its own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import eventlet.wsgi
import orjson
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chassis import dead_letters, dues, metrics
from chassis.database import Database
from chassis.queue_length import QueueLengths
from chassis.topology_names import PARKED, dead_queue, event_queue
from contracts import registry

_OUTBOX = text(
    """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0)
    FROM outbox WHERE published_at IS NULL
    """
)
#: What a WSGI application is called with to begin its answer.
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class OpsServer:
    """A small HTTP server. Answering at all is liveness; readiness needs the database, the broker and the consumers."""

    def __init__(
        self,
        address: tuple[str, int],
        database: Database,
        service: str,
        queues: QueueLengths,
        checks: Mapping[str, Callable[[], bool]],
    ) -> None:
        self._address = address
        self._database = database
        self._service = service
        self._queues = queues
        self._checks = checks

    def start(self, spawn: Any) -> None:
        """Listen; `spawn` starts a loop that lives as long as the process."""
        listener = eventlet.listen(self._address, reuse_port=False)
        spawn(lambda: eventlet.wsgi.server(listener, self._answer, log_output=False, debug=False))

    def _answer(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/live":
            return _reply(start_response, "200 OK", "application/json", b'{"live":true}')
        if path == "/ready":
            state = self._readiness()
            status = "200 OK" if all(state.values()) else "503 Service Unavailable"
            return _reply(start_response, status, "application/json", orjson.dumps(state))
        if path == "/metrics":
            self._measure()
            return _reply(start_response, "200 OK", CONTENT_TYPE_LATEST, generate_latest(REGISTRY))
        return _reply(start_response, "404 Not Found", "application/json", b'{"code":"not_found"}')

    def _readiness(self) -> dict[str, bool]:
        return {"database": self._database_answers()} | {name: check() for name, check in self._checks.items()}

    def _database_answers(self) -> bool:
        try:
            with self._database.reader.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def _measure(self) -> None:
        """Read the gauges that nobody counts; while the database is away they keep their values."""
        try:
            with self._database.reader.connect() as connection:
                depth, age = connection.execute(_OUTBOX).one()
                metrics.DEAD.set(dead_letters.count(connection))
                metrics.FAILED_DUES.set(dues.failed(connection))
        except SQLAlchemyError:
            return
        metrics.OUTBOX_DEPTH.set(depth)
        metrics.OUTBOX_AGE.set(age)
        if self._service in registry.subscriptions():
            lag, parked = self._queues.waiting(event_queue(self._service), dead_queue(PARKED))
            metrics.LAG.set(lag)
            metrics.PARKED.set(parked)


def _reply(start_response: StartResponse, status: str, media_type: str, body: bytes) -> list[bytes]:
    start_response(status, [("Content-Type", media_type), ("Content-Length", str(len(body)))])
    return [body]
