"""Runs the gateway's HTTP server in a process of its own, without a broker: `… -m tests.gateway.serving <database>`."""

import eventlet

eventlet.monkey_patch()  # before anything that opens a socket or a lock is imported

import sys  # noqa: E402
from typing import Any  # noqa: E402

from chassis.commands import Runner  # noqa: E402
from chassis.database import Database  # noqa: E402
from chassis.tree import projected  # noqa: E402
from gateway.assembly import assemble  # noqa: E402
from gateway.service import HttpServer  # noqa: E402


class Echo:
    """Services that answer what they were asked."""

    def call(self, _: Any, payload: Any, __: Any) -> Any:
        return payload


def main(url: str) -> None:
    """Listen on a free port of the loopback, and print it."""
    database = Database(url)
    assembly = assemble(database, Runner(database, projected(), lambda: None), Echo(), lambda: True)
    assembly.revocations.look()
    listener = eventlet.listen(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201
    server = HttpServer()
    server._pool = eventlet.GreenPool(100)
    server._serve(listener, assembly.application)


if __name__ == "__main__":
    main(sys.argv[1])
