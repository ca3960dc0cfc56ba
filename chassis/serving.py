"""Serves a service's RPC methods: takes what came the right way and in time, and always answers it or leaves it."""

import time
from typing import Any

import amqp
import eventlet
import orjson
import structlog
from nameko.extensions import Entrypoint, SharedExtension

from chassis import metrics
from chassis.connection import TRANSIENT
from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from chassis.link import Link, ack, cancel, publish, reject
from chassis.linked import Linked
from chassis.nameko_ext import context_of
from chassis.settings import Settings
from chassis.topology_names import RPC_EXCHANGE, call_queue
from chassis.wire import DEADLINE, failure

log = structlog.get_logger(__name__)

#: Milliseconds that a durable request queue outlives its last consumer.
EXPIRES = 2000


class CallServer(SharedExtension):
    """The consumer of `call.<service>`; the queue dies with its last consumer, so that callers learn it at once."""

    def __init__(self) -> None:
        self._methods: dict[str, Serves] = {}
        self._channel: Any = None
        self._consumer: str | None = None
        self._stopping = False
        self._durable = False

    def setup(self) -> None:
        """Prepare the link; the broker is not needed yet."""
        settings: Settings = self.container.config["settings"]
        self._workers = settings.workers
        name = self.container.service_name
        self._linked = Linked(settings.amqp_uri, f"{name}.serve", settings.heartbeat, self._up, self._down)

    def start(self) -> None:
        """Begin to serve."""
        self.container.spawn_managed_thread(self._linked.run)

    def register(self, entrypoint: "Serves") -> None:
        """Serve this method too."""
        self._methods[f"{self.container.service_name}.{entrypoint.method_name}"] = entrypoint

    def cancel(self) -> None:
        """Take no more requests; those at work still get their answers."""
        self._stopping = True
        if self._consumer is not None and self._linked.link is not None:
            cancel(self._channel, self._consumer)
            self._linked.link.flush()
            self._consumer = None

    def stop(self) -> None:
        """End the link, after the workers have answered."""
        self._linked.stop()

    def kill(self) -> None:
        """End the link at once."""
        self._linked.stop()

    @property
    def connected(self) -> bool:
        """Whether requests can arrive."""
        return self._linked.connected

    def _up(self, link: Link) -> None:
        queue = call_queue(self.container.service_name)
        channel = link.channel()
        self._declare(channel, queue)
        channel.queue_bind(queue, RPC_EXCHANGE, f"{self.container.service_name}.*")
        channel.basic_qos(0, self._workers, False)
        self._channel = channel
        if not self._stopping:
            self._consumer = channel.basic_consume(queue, callback=self._arrived)

    def _declare(self, channel: Any, queue: str) -> None:
        """Declare the queue that dies with its consumers; RabbitMQ 4 may refuse that of a queue that is not durable."""
        if self._durable:
            channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-expires": EXPIRES})
            return
        try:
            channel.queue_declare(queue, durable=False, exclusive=False, auto_delete=True)
        except amqp.InternalError:
            # the broker has closed the connection; the next one declares the other kind
            self._durable = True
            raise

    def _down(self) -> None:
        self._consumer = None

    def _arrived(self, message: Any) -> None:
        # called by the reading greenlet, which must never wait
        eventlet.spawn_n(self._serve, message)

    def _serve(self, message: Any) -> None:
        entrypoint = self._methods.get(message.delivery_info["routing_key"])
        if message.delivery_info["exchange"] != RPC_EXCHANGE:
            self._turn_away(message, "stray")
            return
        if entrypoint is None:
            # a gateway that is newer than this process; told at once, it does not take the service for frozen
            _count_refused("stray")
            self._answer(message, _encoded(None, ServiceUnavailable()))
            return
        headers = message.properties.get("application_headers") or {}
        try:
            body, deadline = orjson.loads(message.body), float(headers.get(DEADLINE, "inf"))
            arguments, names = tuple(body["args"]), dict(body["kwargs"])
        except (ValueError, TypeError, KeyError):
            # never logged: the body may hold personal data
            self._turn_away(message, "undecodable")
            return
        if deadline < time.time() * 1000:
            self._turn_away(message, "late")
            return
        started = time.perf_counter()

        def answer(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            error = exc_info[1] if exc_info else None
            self._answer(message, _encoded(result, error))
            metrics.CALLS.labels(entrypoint.method_name, _outcome(error)).observe(time.perf_counter() - started)
            return result, exc_info

        self.container.spawn_worker(
            entrypoint, arguments, names, context_data=context_of(headers), handle_result=answer
        )

    def _answer(self, message: Any, reply: bytes) -> None:
        """Reply and acknowledge in one write; a link that is gone takes both with it, and the key makes that safe."""
        if message.channel is not self._channel or not self._linked.connected:
            return
        reply_to = message.properties.get("reply_to")
        if reply_to:
            publish(
                self._channel,
                "" if reply_to.startswith("amq.") else RPC_EXCHANGE,
                reply_to,
                reply,
                mandatory=False,
                delivery_mode=TRANSIENT,
                content_type="application/json",
                content_encoding="utf-8",
                correlation_id=message.properties.get("correlation_id", ""),
            )
        ack(self._channel, message.delivery_info["delivery_tag"])

    def _turn_away(self, message: Any, reason: str) -> None:
        _count_refused(reason)
        if message.channel is self._channel and self._linked.connected:
            reject(self._channel, message.delivery_info["delivery_tag"])


class Serves(Entrypoint):
    """Makes a method of the service class an RPC method."""

    server = CallServer()

    def __init__(self) -> None:
        # an answer that the caller can act on is no error to log
        super().__init__(expected_exceptions=(Refused, ServiceUnavailable, DeadlineExceeded))

    def setup(self) -> None:
        """Tell the shared consumer of this method."""
        self.server.register(self)

    @property
    def connected(self) -> bool:
        """Whether requests can arrive."""
        return self.server.connected

    def stop(self) -> None:
        """Stop taking requests before anything else stops."""
        self.server.cancel()


def _count_refused(reason: str) -> None:
    metrics.REFUSED_MESSAGES.labels(reason).inc()
    log.warning("request_rejected", reason=reason)


def _encoded(result: Any, error: BaseException | None) -> bytes:
    """A reply's body. A result that JSON cannot hold is an error of the service: an answer must always go out."""
    try:
        return orjson.dumps({"result": result, "error": None if error is None else failure(error)})
    except TypeError as unwritable:
        log.exception("reply_unwritable")
        return orjson.dumps({"result": None, "error": failure(unwritable)})


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "ok"
    return error.code if isinstance(error, Refused) else type(error).__name__
