"""Asks services over RPC from a plain program without a loop: the operator's command line, tests, benchmarks."""

import time
from itertools import count
from types import TracebackType
from typing import Any, Self

import amqp
import orjson

from chassis.actor import SYSTEM, Actor
from chassis.commands import Call
from chassis.connection import connection
from chassis.errors import DeadlineExceeded, ServiceUnavailable
from chassis.topology_names import RPC_EXCHANGE
from chassis.wire import REPLY_TO, arguments_body, request_headers, request_properties, result_of

#: What py-amqp raises, for those who may not import it: anything at all, and a user or a request that is not admitted.
AMQPError, AccessRefused = amqp.AMQPError, amqp.AccessRefused
#: Seconds that the broker may take to answer a new connection.
CONNECT_TIMEOUT = 5
#: Seconds that an operation may take.
DEADLINE_SECONDS = 60.0


class Operator:
    """One connection; several requests may be under way at once."""

    def __init__(self, uri: str, actor: Actor = SYSTEM) -> None:
        self._actor = actor
        self._ids = count(1)
        self._answers: dict[str, Any] = {}
        self._connection = connection(uri, "operator", connect_timeout=CONNECT_TIMEOUT)

    def __enter__(self) -> Self:
        self._connection.connect()
        self._channel = self._connection.channel()
        self._channel.events["basic_return"].add(self._returned)
        self._channel.basic_consume(REPLY_TO, no_ack=True, callback=self._replied)
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._connection.close()

    def call(self, wire_name: str, seconds: float = DEADLINE_SECONDS, **arguments: Any) -> Any:
        """Ask and wait. Raises Refused, ServiceUnavailable, DeadlineExceeded or RemoteFailure."""
        return self.wait(self.ask(wire_name, seconds, **arguments), seconds)

    def ask(self, wire_name: str, seconds: float = DEADLINE_SECONDS, **arguments: Any) -> str:
        """Send a request; give what `wait` wants."""
        correlation_id = str(next(self._ids))
        properties = request_properties(correlation_id, request_headers(Call(self._actor)), seconds)
        message = amqp.Message(arguments_body(arguments), **properties)
        self._channel.basic_publish(message, RPC_EXCHANGE, wire_name, mandatory=True)
        return correlation_id

    def wait(self, correlation_id: str, seconds: float = DEADLINE_SECONDS) -> Any:
        """Wait for the answer to what `ask` sent."""
        until = time.monotonic() + seconds
        while correlation_id not in self._answers:
            try:
                self._connection.drain_events(timeout=max(0.0, until - time.monotonic()))
            except TimeoutError as error:
                raise DeadlineExceeded(correlation_id) from error
        answer = self._answers.pop(correlation_id)
        if isinstance(answer, Exception):
            raise answer
        return result_of(answer)

    def _replied(self, message: Any) -> None:
        self._answers[message.properties["correlation_id"]] = orjson.loads(message.body)

    def _returned(self, _: Exception, __: str, key: str, message: Any) -> None:
        self._answers[message.properties["correlation_id"]] = ServiceUnavailable(key.partition(".")[0])
