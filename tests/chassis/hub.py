"""The broker as its administrator: what tests put on it, find on it and take from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import amqp
import orjson

from chassis.topology import Topology, from_contracts
from chassis.topology_names import RETRY_STEPS, retry_exchange
from tests.chassis.samples import union_founded
from tests.chassis.waiting import eventually
from unionctl import topology
from unionctl.broker import ADMIN
from unionctl.platform import Platform


class Hub:
    """The broker as its administrator: publishes, reads, counts and breaks."""

    def __init__(self, servers: Platform) -> None:
        self.broker = servers.broker
        self._password = servers.directory.password
        self._address = urlsplit(self.broker.amqp_uri(ADMIN, self._password("broker_admin")))

    @contextmanager
    def channel(self) -> Iterator[amqp.Channel]:
        connection = amqp.Connection(
            f"{self._address.hostname}:{self._address.port}",
            userid=self._address.username,
            password=self._address.password,
            virtual_host=self.broker.vhost,
        )
        connection.connect()
        try:
            yield connection.channel()
        finally:
            connection.close()

    def publish(self, exchange: str, key: str, body: bytes, **properties: Any) -> None:
        """Publish one persistent message and wait until the broker has it."""
        with self.channel() as channel:
            channel.confirm_select()
            message = amqp.Message(body, delivery_mode=2, **properties)
            channel.basic_publish_confirm(message, exchange, key)

    def found_union(self, name: str = "Mill union") -> str:
        """Tell everybody of a union of this name; gives the event's id."""
        event = union_founded(name)
        self.send_event(event)
        return str(event["id"])

    def send_event(self, event: Mapping[str, Any]) -> None:
        """Publish an event as membership's relay would."""
        self.publish("membership.events", "union_founded", orjson.dumps(event), message_id=event["id"])

    def unsettled(self, queue: str) -> int:
        """Messages in a queue when its last consumer is gone, so that what it did not acknowledge is back."""
        with self.channel() as channel:
            eventually(lambda: channel.queue_declare(queue, passive=True).consumer_count == 0, f"{queue} has consumers")
            count: int = channel.queue_declare(queue, passive=True).message_count
        return count

    def taken(self, queue: str) -> list[str]:
        """Take everything that waits in a queue; gives the messages' ids."""
        ids = []
        with self.channel() as channel:
            while (message := channel.basic_get(queue, no_ack=True)) is not None:
                ids.append(message.properties["message_id"])
        return ids

    def purge(self, *queues: str) -> None:
        with self.channel() as channel:
            for queue in queues:
                channel.queue_purge(queue)

    @contextmanager
    def unbound(self, queue: str, exchange: str, key: str) -> Iterator[None]:
        """Take a binding away for a while."""
        with self.channel() as channel:
            channel.queue_unbind(queue, exchange, key)
            try:
                yield
            finally:
                channel.queue_bind(queue, exchange, key)

    @contextmanager
    def under_alarm(self) -> Iterator[None]:
        """Let the broker be short of memory for a while."""
        self.broker.set_memory_alarm(True)
        try:
            yield
        finally:
            self.broker.set_memory_alarm(False)

    def restore(self, wanted: Topology | None = None) -> None:
        """Make the broker what the contracts say, or something else."""
        topology.apply(self.broker, self._password, wanted)


def steep_ladder() -> Topology:
    """The contracts' topology with a ladder that one climbs in a moment."""
    whole = from_contracts()
    steps = {retry_exchange(step) for step in RETRY_STEPS}
    policies = [
        replace(one, definition={**one.definition, "message-ttl": 20}) if one.queue in steps else one
        for one in whole.policies
    ]
    return replace(whole, policies=tuple(policies))
