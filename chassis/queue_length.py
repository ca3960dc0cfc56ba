"""Asks the broker how many events wait for a service, on a connection of its own that lives as long as the question."""

import eventlet

from chassis.connection import connection
from chassis.link import LOST
from chassis.topology_names import event_queue

#: Seconds for the broker to answer.
TIMEOUT = 2
#: What is said of a broker that does not answer: something may wait.
UNKNOWN = -1


def waiting(uri: str, service: str) -> int:
    """Events in `evt.<service>` that no instance has taken, or UNKNOWN."""
    asking = connection(uri, f"{service}.queue_length", connect_timeout=TIMEOUT)
    try:
        with eventlet.Timeout(TIMEOUT):
            asking.connect()
            queue = asking.channel().queue_declare(event_queue(service), passive=True)
            asking.close()
            return int(queue.message_count)
    except LOST:
        asking.collect()
        return UNKNOWN
