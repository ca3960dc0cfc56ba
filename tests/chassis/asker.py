"""The asking side of RPC in a process of its own: reads one JSON request from each line, writes one answer for each."""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402
from typing import Any  # noqa: E402
from uuid import UUID  # noqa: E402

import orjson  # noqa: E402
from eventlet.greenio import GreenPipe  # noqa: E402
from eventlet.patcher import original  # noqa: E402

from chassis import logs  # noqa: E402
from chassis.actor import Actor, Grant  # noqa: E402
from chassis.calls import Calls  # noqa: E402
from chassis.commands import Call  # noqa: E402
from chassis.errors import Refused  # noqa: E402
from chassis.wire import request_body, request_headers  # noqa: E402
from contracts.roles import Role  # noqa: E402

#: A short line goes out in one piece, and no other greenlet gets between.
write_whole = original("os").write


def answer(calls: Calls, asked: dict[str, Any]) -> dict[str, Any]:
    """The reply to a request, or the name of what was raised."""
    grant = Grant(Role(asked["role"]), UUID(asked["root"]))
    call = Call(Actor(UUID(int=7), (grant,)), asked["key"])
    headers = request_headers(call) | asked["headers"]
    try:
        return {"result": calls.ask(asked["method"], request_body(asked["request"], call), headers, asked["seconds"])}
    except Refused as refused:
        return {"error": refused.code}
    except Exception as error:
        return {"error": type(error).__name__}


def main(uri: str) -> None:
    """Answer until the input ends; the first answer, of id -1, says that requests can be sent."""
    logs.configure("asker", "json")
    calls = Calls(uri, "gateway", heartbeat=1)
    calls.start(eventlet.spawn)
    while not calls.ready:
        eventlet.sleep(0.02)

    def write(line: dict[str, Any]) -> None:
        write_whole(sys.stdout.fileno(), orjson.dumps(line) + b"\n")

    def serve(asked: dict[str, Any]) -> None:
        write({"id": asked["id"]} | answer(calls, asked))

    write({"id": -1})
    for line in GreenPipe(sys.stdin.fileno(), "rb"):
        eventlet.spawn(serve, orjson.loads(line))


if __name__ == "__main__":
    main(sys.argv[1])
