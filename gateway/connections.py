"""Keeps the connections within the files that the process may open, and none of them waiting for a client for ever."""

import io
import resource
import socket
from contextlib import suppress
from itertools import islice
from math import inf
from time import monotonic
from typing import Any

#: Connections at once, where the process may open so many files; a new one takes the place of one that waits.
MOST = 2000
#: Files that the process opens beside them: database, broker, operators' port.
_OTHER_FILES = 200
#: Connections that there is room for however few files may be opened.
_LEAST = 10
#: Seconds that one write to a client may take.
PATIENCE = 15


def room() -> int:
    """Raise the process's limit of open files as far as needed and allowed; how many connections fit below it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST if soft == resource.RLIM_INFINITY else max(_LEAST, min(MOST, soft - _OTHER_FILES))


class Connections:
    """The connections that wait for their clients, the one that has waited longest first."""

    def __init__(self) -> None:
        self._waiting: dict[Incoming, None] = {}

    def waits(self, incoming: "Incoming") -> None:
        """It waits from now on."""
        self.works(incoming)
        self._waiting[incoming] = None

    def works(self, incoming: "Incoming") -> None:
        """It waits no longer."""
        self._waiting.pop(incoming, None)

    def give_up(self, most: int | None = None) -> None:
        """End those that have waited longest, or all."""
        for incoming in list(islice(self._waiting, most)):
            self.works(incoming)
            incoming.give_up()


class Incoming(io.RawIOBase):
    """What a client sends; it has a time for the whole of a head or body, not only for each read."""

    def __init__(self, connection: Any, connections: Connections) -> None:
        self._connection = connection
        self._connections = connections
        self._ends = 0.0
        self._rate = inf
        #: Bytes so far.
        self.received = 0

    def begin(self, seconds: float, rate: float = inf) -> None:
        """Wait for the client so long, and one second more for each `rate` bytes that come."""
        self._ends, self._rate = monotonic() + seconds, rate
        self._connections.waits(self)

    def rest(self) -> None:
        """The client need not send anything for now."""
        self._connections.works(self)

    def give_up(self) -> None:
        """End the connection; whoever reads from it finds its end."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read once. Raises TimeoutError when the time is over, however much has come."""
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        try:
            count: int = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(PATIENCE)
        self._ends += count / self._rate
        self.received += count
        return count
