"""Asks the broker how many events wait for a service, on a connection of its own that lives as long as the question."""

import amqp
import eventlet
from kombu import Connection as Url

from chassis.link import LOST
from chassis.topology_names import event_queue

#: Seconds for the broker to answer.
TIMEOUT = 2
#: What is said of a broker that does not answer: something may wait.
UNKNOWN = -1


def waiting(uri: str, service: str) -> int:
    """Events in `evt.<service>` that no instance has taken, or UNKNOWN."""
    url = Url(uri)
    connection = amqp.Connection(
        f"{url.hostname}:{url.port}",
        userid=url.userid,
        password=url.password,
        virtual_host=url.virtual_host or "/",
        connect_timeout=TIMEOUT,
        ssl=url.ssl,
    )
    try:
        with eventlet.Timeout(TIMEOUT):
            connection.connect()
            queue = connection.channel().queue_declare(event_queue(service), passive=True)
            connection.close()
            return int(queue.message_count)
    except LOST:
        connection.collect()
        return UNKNOWN
