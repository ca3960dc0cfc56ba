"""Runs the HTTP server alone, without a broker: `python -m tests.gateway.serving <database> <connections>`."""

import eventlet

eventlet.monkey_patch()  # before anything that opens a socket or a lock is imported

import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from chassis import logs  # noqa: E402
from chassis.commands import Runner  # noqa: E402
from chassis.database import Database  # noqa: E402
from chassis.tree import projected  # noqa: E402
from gateway.assembly import assemble  # noqa: E402
from gateway.service import HttpServer  # noqa: E402


class Echo:
    """Services that answer what they were asked."""

    def call(self, _: Any, payload: Any, __: Any) -> Any:
        return payload


def main(url: str, most: int) -> None:
    """Listen on a free port of the loopback, print it, and stop as the gateway does."""
    database = Database(url)
    runner = Runner(database, projected(), lambda: None, bytes(16))
    assembly = assemble(database, runner, Echo(), lambda: True)
    assembly.revocations.look()
    listening = eventlet.listen(("127.0.0.1", 0), backlog=most)
    server = HttpServer()
    server.serve(listening, assembly.application, most, eventlet.spawn)
    stopped = eventlet.Event()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(stopped.send))
    print(listening.getsockname()[1], flush=True)  # noqa: T201
    stopped.wait()
    server.drain()


if __name__ == "__main__":
    logs.configure("gateway", "json")
    main(sys.argv[1], int(sys.argv[2]))
