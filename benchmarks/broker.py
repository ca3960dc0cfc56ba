"""A place for events to go: a quorum queue that is bound and that nobody reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from kombu import Connection
from kombu.transport.virtual import Channel


class Sink:
    """A quorum queue without a consumer, bound to everything one exchange publishes."""

    def __init__(self, channel: Channel, queue: str) -> None:
        self.channel = channel
        self.queue = queue

    def empty(self) -> int:
        """Throw away what is in the queue; returns how many events that were."""
        return int(self.channel.queue_purge(self.queue))


@contextmanager
def sink(amqp_uri: str, exchange: str, queue: str) -> Iterator[Sink]:
    """A `Sink` called `queue` for as long as the block lasts. The exchange must exist."""
    with Connection(amqp_uri) as connection, connection.channel() as channel:
        channel.queue_delete(queue)
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(queue, exchange, "#")
        try:
            yield Sink(channel, queue)
        finally:
            channel.queue_delete(queue)


def forget(amqp_uri: str, *, queues: tuple[str, ...], exchanges: tuple[str, ...]) -> None:
    """Delete what a finished peer left on the broker."""
    with Connection(amqp_uri) as connection, connection.channel() as channel:
        for queue in queues:
            channel.queue_delete(queue)
        for exchange in exchanges:
            channel.exchange_delete(exchange)
