"""The one dependency of every service: its database, its relay, and what runs requests and events against them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Protocol

from nameko.extensions import DependencyProvider
from sqlalchemy import MetaData
from structlog.contextvars import bind_contextvars

from chassis import tables
from chassis.absorb import Absorber
from chassis.actor import Actor
from chassis.calls import Calls
from chassis.commands import Call, Handler, Runner
from chassis.database import Database, retried
from chassis.errors import Refused
from chassis.generations import generational
from chassis.housekeeping import Housekeeping
from chassis.intake import Intake
from chassis.job_runner import JobRunner
from chassis.morgue import Morgue
from chassis.operations import OPERATIONS, Operated
from chassis.ops_server import OpsServer
from chassis.queue_length import QueueLengths
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.subscribers import Projection, Reaction, Subscription
from chassis.timer import Timer
from chassis.topology_names import event_queue
from chassis.tree import UnionTree
from chassis.wire import actor_of
from contracts import registry
from contracts.envelope import Envelope
from contracts.roles import Role
from kernel.crypto import keys


class Own(Protocol):
    """What one service has and no other: a second database, keys, a client of somebody outside."""

    def clean(self, database: Database) -> None:
        """Delete what time has made useless; called every hour with the service's database."""
        ...

    def dispose(self) -> None:
        """Let go of everything; the process stops."""
        ...


class Core(DependencyProvider):
    """Given to each worker as what it needs to do its one thing."""

    def __init__(
        self,
        tree: UnionTree,
        metadata: MetaData,
        *,
        asks: bool = False,
        own: Callable[[], Own] | None = None,
    ) -> None:
        """`tree` answers scope questions, `metadata` holds the service's own tables; only the gateway `asks` others.

        `own` opens what only this service has, without waiting for anybody; handlers and jobs find it as `own`.
        """
        self._tree = tree
        self._metadata = metadata
        self._asks = asks
        self._open_own = own
        self._projections: Sequence[Subscription[Projection]] = ()
        self._reactions: Sequence[Subscription[Reaction]] = ()

    def subscribe(
        self, projections: Sequence[Subscription[Projection]], reactions: Sequence[Subscription[Reaction]]
    ) -> None:
        """Name what the service does on events; before it starts."""
        self._projections, self._reactions = projections, reactions

    def bind(self, container: Any, attr_name: str) -> Any:
        """As nameko binds; the subscriptions, named after the extension was made, go along."""
        bound = super().bind(container, attr_name)
        bound.subscribe(self._projections, self._reactions)
        return bound

    def setup(self) -> None:
        """Build the parts; neither the database nor the broker is needed yet."""
        settings: Settings = self.container.config["settings"]
        name = self.container.service_name
        self.database = Database(settings.database_url)
        self.own = self._open_own() if self._open_own else None
        self.relay = Relay(name, settings.amqp_uri, settings.heartbeat, self.database)
        digest_key = keys.derive(settings.file_key, "requests")
        self.runner = Runner(self.database, self._tree, self.relay.wake, digest_key, self.own)
        self.absorber = Absorber(self.database, self._tree, self._projections, self._reactions, self.own)
        self.morgue = self._morgue(name, settings)
        self.calls = Calls(settings.amqp_uri, name, settings.heartbeat) if self._asks else None
        ask = self.calls.operate if self.calls else None
        self.jobs = JobRunner(self.database, self._tree, settings.file_key, ask, self.own, self.relay.wake)
        self.timer = Timer(self.database, self._tree, self.own, self.relay.wake)
        self.housekeeping = Housekeeping(self.database, *([self.own.clean] if self.own else []))
        self.queues = QueueLengths(settings.amqp_uri, name)
        self.ops = OpsServer(settings.ops_address, self.database, name, self.queues, self._checks())
        self._settings = settings
        self._drains: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin to publish, and to tell operators how it goes."""
        spawn = self.container.spawn_managed_thread
        for part in (self.relay, self.ops, self.housekeeping, self.jobs, self.timer, self.morgue, self.calls):
            if part is not None:
                part.start(spawn)

    def stop_first(self, drain: Callable[[], None]) -> None:
        """Have this done before anything here stops."""
        self._drains.append(drain)

    def stop(self) -> None:
        """Answer what was asked, publish what is in hand and let go of everything."""
        for drain in self._drains:
            drain()
        for part in (self.jobs, self.timer, self.calls, self.morgue, self.relay, self.queues):
            if part is not None:
                part.stop()
        if self.own is not None:
            self.own.dispose()
        self.database.dispose()

    def get_dependency(self, worker_ctx: Any) -> "Worker":
        """What one worker uses."""
        bind_contextvars(call_id=worker_ctx.call_id, traceparent=worker_ctx.data.get("traceparent"))
        return Worker(self, actor_of(worker_ctx.data), worker_ctx.data.get("traceparent"))

    @cached_property
    def operated(self) -> Operated:
        """The parts that operations work on."""
        intake = self._intake()
        return Operated(
            database=self.database,
            absorber=self.absorber,
            generational=generational(tables.metadata, self._metadata),
            ladder=intake.ladder if intake else None,
            production=self._settings.production,
            file_key=self._settings.file_key,
            idle=lambda: intake is None or intake.idle,
            waiting=lambda: 0 if intake is None else self._waiting(),
            moved=self.timer.wake,
        )

    def _waiting(self) -> int:
        [events] = self.queues.waiting(event_queue(self.container.service_name))
        return events

    def _morgue(self, name: str, settings: Settings) -> Morgue | None:
        if name not in registry.subscriptions():
            return None
        return Morgue(name, settings.amqp_uri, settings.heartbeat, self.database)

    def _intake(self) -> Intake | None:
        return next((one for one in self.container.entrypoints if isinstance(one, Intake)), None)

    def _checks(self) -> Mapping[str, Callable[[], bool]]:
        """What must be up before the process is ready."""
        checks: dict[str, Callable[[], bool]] = {"relay": lambda: self.relay.connected}
        for entrypoint in self.container.entrypoints:
            if hasattr(type(entrypoint), "connected"):
                checks.setdefault(type(entrypoint).__name__, partial(getattr, entrypoint, "connected"))
        return checks


class Worker:
    """The core as one worker sees it: who asks, and what can be done for them."""

    def __init__(self, core: Core, actor: Actor | None, traceparent: str | None) -> None:
        self._core, self._actor, self._traceparent = core, actor, traceparent

    def run(self, handler: Handler, request: Mapping[str, Any], key: str | None, expected_version: int | None) -> Any:
        """Run a command or query for the actor that the message names."""
        if self._actor is None:
            raise Refused("not_authenticated")
        return self._core.runner.run(handler, request, Call(self._actor, key, expected_version, self._traceparent))

    def operate(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Run an operation for the operator's command line."""
        if self._actor is None or not self._actor.holds((Role.SYSTEM,)):
            raise Refused("role_not_allowed")
        return retried(lambda: OPERATIONS[name](self._core.operated, **arguments))

    def absorb(self, events: Sequence[Envelope]) -> None:
        """Apply a batch of events, and publish at once what they made this service record."""
        if self._core.absorber.live(events):
            self._core.relay.wake()
