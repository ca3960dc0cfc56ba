"""Drains the service's dead queue into its table of dead letters."""

from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.queue import Queue

from chassis import dead_letters
from chassis.database import Database, is_outage
from chassis.link import Link, ack, reject
from chassis.linked import Linked
from chassis.topology_names import dead_queue

log = structlog.get_logger(__name__)

#: Dead letters in hand at a time.
PREFETCH = 20
#: Seconds to wait when the database is away.
PAUSE = 1.0


class Morgue:
    """The consumer of `dead.<service>`; acknowledges when the row is committed, and lets go of what no row can take."""

    def __init__(self, service: str, uri: str, heartbeat: int, database: Database) -> None:
        self._queue = dead_queue(service)
        self._database = database
        self._linked = Linked(uri, f"{service}.morgue", heartbeat, self._up, self._down)
        self._channel: Any = None
        self._arrived: Queue[Any] = Queue()
        self._stopping = False

    def start(self, spawn: Any) -> None:
        """Begin to drain; `spawn` starts a loop that lives as long as the process."""
        spawn(self._linked.run)
        spawn(self._run)

    def stop(self) -> None:
        """End the link; what is in hand comes again."""
        self._stopping = True
        self._arrived.put(None)
        self._linked.stop()

    def _up(self, link: Link) -> None:
        channel = link.channel()
        channel.basic_qos(0, PREFETCH, False)
        self._channel = channel
        channel.basic_consume(self._queue, callback=self._arrived.put)

    def _down(self) -> None:
        self._channel = None

    def _run(self) -> None:
        while not self._stopping:
            message = self._arrived.get()
            if message is not None:
                self._keep(message)

    def _keep(self, message: Any) -> None:
        while not self._stopping:
            try:
                dead_letters.store(self._database, message)
            except Exception as error:
                log.warning("dead_letter_not_kept", error=type(error).__name__)
                if is_outage(error):
                    eventlet.sleep(PAUSE)
                    continue
                # the broker parks it, where it holds up no other
                self._settle(message, reject)
            else:
                self._settle(message, ack)
            return

    def _settle(self, message: Any, how: Callable[[Any, int], None]) -> None:
        if message.channel is self._channel:
            how(self._channel, message.delivery_info["delivery_tag"])
