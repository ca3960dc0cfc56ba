"""Asks the broker how many messages wait in queues, on a connection that only carries such questions."""

from contextlib import suppress

import amqp
import eventlet
from eventlet.semaphore import Semaphore

from chassis.connection import connection
from chassis.link import LOST

#: Seconds for the broker to answer.
TIMEOUT = 2
#: What is said of a broker that does not answer: something may wait.
UNKNOWN = -1


class QueueLengths:
    """One connection, made by the first question and kept; one question at a time."""

    def __init__(self, uri: str, service: str) -> None:
        """`service` is whose user asks."""
        self._uri, self._name = uri, f"{service}.queue_length"
        self._connection: amqp.Connection | None = None
        self._channel: amqp.Channel | None = None
        self._turn = Semaphore()

    def waiting(self, *queues: str) -> list[int]:
        """Messages in each queue that nobody has taken, or UNKNOWN; after that the next question connects anew."""
        with self._turn:
            try:
                with eventlet.Timeout(TIMEOUT):
                    return [self._waiting(queue) for queue in queues]
            except LOST:
                self._forget()
                return [UNKNOWN] * len(queues)
            except BaseException:
                # half of an answer may still be on its way
                self._forget()
                raise

    def stop(self) -> None:
        """Take leave of the broker."""
        with self._turn, suppress(*LOST), eventlet.Timeout(TIMEOUT):
            if self._connection is not None:
                self._connection.close()

    def _waiting(self, queue: str) -> int:
        if self._channel is None:
            # without heartbeats, for nobody reads between the questions
            self._connection = connection(self._uri, self._name, connect_timeout=TIMEOUT, heartbeat=0)
            self._connection.connect()
            self._channel = self._connection.channel()
        return int(self._channel.queue_declare(queue, passive=True).message_count)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._channel = None
