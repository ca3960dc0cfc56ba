"""Makes py-amqp connections from the broker's address, alike for links, short questions and the operator."""

from typing import Any
from urllib.parse import urlsplit

import amqp
from kombu import Connection as Url

#: Delivery modes of a message.
TRANSIENT, PERSISTENT = 1, 2


def connection(uri: str, name: str, **details: Any) -> amqp.Connection:
    """A connection that has yet to `connect`; operators see it under its name. `details` are py-amqp's.

    `amqps` means TLS with the machine's own authorities, and a certificate for the host that the address names.
    """
    url = Url(uri)
    # kombu leaves it to its own transport to know what this scheme means
    is_secure = urlsplit(uri).scheme == "amqps"
    return amqp.Connection(
        f"{url.hostname}:{url.port or (5671 if is_secure else 5672)}",
        userid=url.userid,
        password=url.password,
        virtual_host=url.virtual_host or "/",
        ssl={"server_hostname": url.hostname} if is_secure else False,
        client_properties={"connection_name": name},
        **details,
    )
