"""Sends each operation to where it runs: the gateway's own to its own database, every other over RPC."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis.commands import HANDLERS, Call, Runner
from chassis.uploads import Piece
from contracts.declare import Kind, Operation
from gateway.engine.application import Asks

#: Name of the gateway among the services.
NAME = "gateway"


class OwnFirst:
    """Answers for the gateway itself and asks a service for the rest."""

    def __init__(self, runner: Runner, remote: Asks, commanded: Callable[[], None]) -> None:
        """`commanded` is called after each command of the gateway's own: it may have ended a session."""
        self._runner = runner
        self._remote = remote
        self._commanded = commanded

    def call(self, operation: Operation, payload: Mapping[str, Any], call: Call) -> Any:
        """The reply as JSON values. Raises what `chassis.errors` has."""
        if operation.service != NAME:
            return self._remote.call(operation, payload, call)
        try:
            return self._runner.run(HANDLERS[operation.wire_name], payload, call)
        finally:
            if operation.kind is Kind.COMMAND:
                self._commanded()

    def chunk(self, service: str, file_id: str, number: int) -> bytes:
        """One piece of a file that a service hands out."""
        return self._remote.chunk(service, file_id, number)

    def put(self, service: str, piece: Piece) -> None:
        """Hand a service one piece of a file that somebody sends."""
        self._remote.put(service, piece)
