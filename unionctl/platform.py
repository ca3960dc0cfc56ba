"""One platform: its servers and service processes, for the command line, the tests, the fault suite and the demo.

    platform = Platform(Path("/tmp/x"))          # everything it has lives in this directory
    platform.start(scale={"events": 2})          # servers, databases, topology, services; waits until ready
    platform.url                                 # the gateway: http://127.0.0.1:8600
    platform.database_url("events"), platform.amqp_uri("events"), platform.broker.api     # as that service, as admin
    platform.signal("events.2", signal.SIGKILL)  # the supervisor starts it again
    platform.stop_process("events.1"); platform.start_process("events.1", {"UNIONHALL_FAILPOINTS": "..."})
    platform.broker.stop(), .start(), .stop_app(), .start_app(), .freeze(), .thaw(), .set_memory_alarm(True)
    platform.postgres.restart()
    platform.wait_ready()                        # raises NotReady with the last lines of the log
    platform.stop()                              # everything it started, and nothing else

`start_servers()` and `prepare()` alone give PostgreSQL, RabbitMQ, migrated databases and topology without services.
"""

import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from chassis.actor import SYSTEM, Actor
from chassis.operator import Operator
from unionctl import topology
from unionctl.broker import Broker, OwnBroker
from unionctl.broker_choice import broker_runs, find_broker
from unionctl.directory import RunDirectory
from unionctl.errors import NothingRuns, PlatformError
from unionctl.postgres import find_postgres
from unionctl.processes import Processes, Spec
from unionctl.readiness import await_ready
from unionctl.services import (
    GATEWAY,
    KEEPER,
    KEYSTORE,
    RUNNING,
    base_environment,
    command,
    instances,
    service_of,
)

#: Run directory of the platform that people start by hand.
DEFAULT_RUN_DIR = Path(__file__).parent.parent / ".run"
#: Port of the gateway where it is free.
HTTP_PORT = 8600
#: What the keys of the one service that knows persons are for, as its settings name them.
PERSON_KEYS = ("master", "internal", "index")
#: Seconds that services may take to become ready on a busy machine.
READY_SECONDS = 60.0


class Platform:
    """A platform under one run directory; `services` leaves out what a test doesn't need."""

    def __init__(self, run_dir: Path = DEFAULT_RUN_DIR, services: Sequence[str] = RUNNING) -> None:
        self.directory = RunDirectory(run_dir)
        self.services = tuple(services)
        self.processes = Processes(self.directory)
        self.postgres = find_postgres(self.directory, self.processes)

    @cached_property
    def broker(self) -> Broker:
        """The broker; looked for on first use, as that may install one."""
        return find_broker(self.directory, self.processes)

    @property
    def url(self) -> str:
        """Address of the first gateway."""
        return f"http://{self._http_address('gateway.1')}"

    def start(self, scale: Mapping[str, int] | None = None) -> None:
        """Bring everything up and wait until it is ready; what runs already is left alone, unless `scale` has less."""
        wanted = instances(self.services, scale or {}, self.process_names())
        with self.directory.lock():
            self.start_servers()
            self.prepare()
            self.processes.stop(*(name for name in self.process_names() if name not in wanted))
            for name in wanted:
                self.start_process(name)
            self.wait_ready()

    def stop(self) -> None:
        """Stop what was started: services, then the broker, then the database; harmless if nothing was."""
        if not self.directory.path.exists():
            return
        with self.directory.lock():
            self.processes.stop(*self.process_names())
            if OwnBroker.process in self.processes.names():
                self.broker.stop()
            self.postgres.stop()
            self.processes.stop_supervisor()

    def start_servers(self) -> None:
        """Start PostgreSQL and RabbitMQ and wait until both answer."""
        with ThreadPoolExecutor() as pool:
            for started in [pool.submit(self.postgres.start), pool.submit(self.broker.start)]:
                started.result()

    def prepare(self) -> list[str]:
        """Create databases, migrate them and apply the topology; returns what changed on the broker."""
        with ThreadPoolExecutor() as pool:
            migrated = pool.submit(self.migrate)
            changes = self.apply_topology()
            migrated.result()
        return changes

    def migrate(self) -> None:
        """Bring the database of every service to the newest schema, creating it where it is missing."""
        from chassis.migrate import upgrade  # Alembic loads slowly, and only this command needs it.

        for service in self.services:
            self.postgres.ensure_database(service, self.directory.password(service))
            upgrade(service, self.database_url(service))
        if KEEPER in self.services:
            self.postgres.ensure_database(KEEPER, self.directory.password(KEEPER), KEYSTORE)
            upgrade(KEYSTORE, self.keystore_url())

    def apply_topology(self) -> list[str]:
        """Make the broker what the contracts say; returns what changed."""
        return topology.apply(self.broker, self.directory.password)

    def database_url(self, service: str) -> str:
        """SQLAlchemy's address of a service's database."""
        return self.postgres.url(service, self.directory.password(service))

    def keystore_url(self) -> str:
        """SQLAlchemy's address of the database that holds the keys of persons."""
        return self.postgres.url(KEEPER, self.directory.password(KEEPER), KEYSTORE)

    def amqp_uri(self, user: str) -> str:
        """Address of the broker for one of its users."""
        return self.broker.amqp_uri(user, self.directory.password(user))

    def operator(self, actor: Actor = SYSTEM) -> Operator:
        """Whoever asks the services from outside; NothingRuns, and no trace, before `start` and after `stop`."""
        if not broker_runs(self.processes):
            raise NothingRuns
        return Operator(self.amqp_uri("unionctl"), actor)

    def environment_of(self, process: str) -> dict[str, str]:
        """The settings of one process such as `events.2`."""
        service = service_of(process)
        settings = {
            **base_environment(),
            "UNIONHALL_ENV": "development",
            "UNIONHALL_AMQP_URI": self.amqp_uri(service),
            "UNIONHALL_DATABASE_URL": self.database_url(service),
            "UNIONHALL_OPS_ADDRESS": self.ops_address(process),
            "UNIONHALL_FILE_KEY": self.directory.file_key(service),
        }
        if service == GATEWAY:
            settings["UNIONHALL_HTTP_ADDRESS"] = self._http_address(process)
            settings["UNIONHALL_TOKEN_KEY"] = self.directory.token_key()
        if service == KEEPER:
            settings["UNIONHALL_KEYSTORE_URL"] = self.keystore_url()
            settings |= {f"UNIONHALL_{name.upper()}_KEY": self.directory.person_key(name) for name in PERSON_KEYS}
        return settings

    def ops_address(self, process: str) -> str:
        """`host:port` of a process's `/live`, `/ready` and `/metrics`."""
        return f"127.0.0.1:{self.directory.port(f'ops.{process}')}"

    def process_names(self) -> list[str]:
        """The service processes that are wanted; servers and processes that a test added are not among them."""
        return [name for name in self.processes.names() if service_of(name) in self.services]

    def matching(self, name: str) -> list[str]:
        """A process by its name, or all processes of a service; PlatformError if there is none."""
        found = [process for process in self.process_names() if name in (process, service_of(process))]
        if not found:
            raise PlatformError(f"No process is called {name}; `unionctl status` shows them.")
        return found

    def start_process(self, process: str, extra: Mapping[str, str] | None = None) -> None:
        """Start one service process, with additional settings if given; another environment replaces a running one."""
        if self.processes.record(process) is None:
            for name in (f"ops.{process}", f"http.{process}"):
                self.directory.renew_port_if_taken(name)
        environment = {**self.environment_of(process), **(extra or {})}
        self.processes.start(Spec(process, command(service_of(process)), environment))

    def stop_process(self, process: str) -> None:
        """Stop one process gracefully and keep it stopped."""
        self.processes.stop(process)

    def restart_process(self, process: str) -> None:
        """Stop one process gracefully and start it again."""
        self.stop_process(process)
        self.start_process(process)

    def signal(self, process: str, signum: int = signal.SIGKILL) -> None:
        """Send a signal to one process; the supervisor starts it again if it dies of it."""
        self.processes.signal(process, signum)

    def wait_ready(self, *processes: str, timeout: float = READY_SECONDS) -> None:
        """Wait until these processes, or all, say that they are ready; NotReady with the end of a log otherwise."""
        addresses = {process: self.ops_address(process) for process in processes or self.process_names()}
        await_ready(self.processes, addresses, timeout)

    def _http_address(self, process: str) -> str:
        preferred = HTTP_PORT if process == "gateway.1" else None
        return f"127.0.0.1:{self.directory.port(f'http.{process}', preferred)}"
