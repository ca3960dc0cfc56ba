"""Lets a test speak to the broker as one of its users."""

from collections.abc import Iterator
from contextlib import contextmanager

import amqp

from unionctl.platform import Platform

#: Seconds a test waits for an answer of the broker.
READ_SECONDS = 5


@contextmanager
def channel(servers: Platform, user: str) -> Iterator[amqp.Channel]:
    """A channel of a connection of its own; TimeoutError where the broker doesn't answer."""
    connection = amqp.Connection(
        f"127.0.0.1:{servers.broker.port}",
        userid=user,
        password=servers.directory.password(user),
        virtual_host=servers.broker.vhost,
        read_timeout=READ_SECONDS,
    )
    connection.connect()
    try:
        yield connection.channel()
    finally:
        connection.collect()
