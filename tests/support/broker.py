"""What a test does on the broker as its administrator: looks into queues, takes from them, publishes what it likes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import amqp
from kombu import Connection as Url

from chassis.topology_names import RETRY_STEPS, dead_queue, event_queue, retry_exchange
from contracts import registry
from unionctl.broker import Broker


@contextmanager
def channel(broker: Broker) -> Iterator[Any]:
    """A channel of the administrator, past every proxy; what is published on it is confirmed."""
    url = Url(broker.admin_uri)
    connection = amqp.Connection(
        f"{url.hostname}:{url.port}",
        userid=url.userid,
        password=url.password,
        virtual_host=url.virtual_host,
        confirm_publish=True,
    )
    connection.connect()
    try:
        yield connection.channel()
    finally:
        connection.close()


def waiting(broker: Broker) -> dict[str, int]:
    """How many messages wait in each durable queue."""
    consumers = registry.subscriptions()
    names = [name(consumer) for name in (event_queue, dead_queue) for consumer in consumers]
    names += [retry_exchange(step) for step in RETRY_STEPS]
    with channel(broker) as open_channel:
        return {name: open_channel.queue_declare(name, passive=True).message_count for name in names}


def take_all(broker: Broker, queue: str) -> list[Any]:
    """Take every message out of a queue that nobody consumes."""
    messages = []
    with channel(broker) as open_channel:
        while message := open_channel.basic_get(queue):
            messages.append(message)
            open_channel.basic_ack(message.delivery_tag)
    return messages


def put(broker: Broker, messages: Iterable[Any], *, exchange: str = "", key: str) -> None:
    """Publish messages with their properties, each confirmed."""
    with channel(broker) as open_channel:
        for message in messages:
            open_channel.basic_publish(amqp.Message(message.body, **message.properties), exchange, key)
