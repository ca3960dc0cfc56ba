"""Asks the broker how many messages wait in queues, on a connection of its own that lives as long as the question."""

import eventlet

from chassis.connection import connection
from chassis.link import LOST

#: Seconds for the broker to answer.
TIMEOUT = 2
#: What is said of a broker that does not answer: something may wait.
UNKNOWN = -1


def waiting(uri: str, service: str, *queues: str) -> list[int]:
    """Messages in each queue that nobody has taken, or UNKNOWN; `service` is whose user asks."""
    asking = connection(uri, f"{service}.queue_length", connect_timeout=TIMEOUT)
    try:
        with eventlet.Timeout(TIMEOUT):
            asking.connect()
            channel = asking.channel()
            found = [int(channel.queue_declare(queue, passive=True).message_count) for queue in queues]
            asking.close()
            return found
    except LOST:
        asking.collect()
        return [UNKNOWN] * len(queues)
