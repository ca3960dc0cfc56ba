"""What the tests of the chassis hold in their hands: toy services, a caller, and the broker as its administrator."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import amqp
import orjson
from sqlalchemy import Connection, func, select, text

from chassis.database import Database
from chassis.topology import Topology, from_contracts
from chassis.topology_names import RETRY_STEPS, retry_exchange
from contracts.declare import Operation
from contracts.envelope import build
from contracts.events.activities import ORGANISERS
from contracts.generate.json_schemas import data_schema
from contracts.generate.samples import sample
from contracts.membership.organisation import UnionFounded
from kernel.ids import new_id
from tests.chassis.toy_tables import cured, effect
from unionctl import topology
from unionctl.broker import ADMIN
from unionctl.management import http
from unionctl.platform import Platform
from unionctl.processes import wait_until

#: The one union that toys know, and the title or name under which they do nothing special.
UNION = "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55"
#: Seconds for anything to happen on a busy machine.
PATIENCE = 30.0
#: Id of the line by which an asker says that it can ask.
READY = -1
ROOT = Path(__file__).parents[2]


def eventually(condition: Callable[[], Any], otherwise: str) -> None:
    """Wait until something is so; fails with a sentence when it does not come."""
    wait_until(lambda: bool(condition()), PATIENCE, otherwise)


def run(module: str, *arguments: str, **details: Any) -> subprocess.Popen[bytes]:
    """A module of ours as a program of its own."""
    return subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=ROOT, **details)


class Toy:
    """One process of the toy service."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log_file = log
        self._ops = environment["UNIONHALL_OPS_ADDRESS"]
        with log.open("wb") as output:
            self.process = run("chassis.run", "tests.chassis.toy:Toy", env=environment, stdout=output, stderr=output)

    def await_ready(self) -> None:
        eventually(self.is_ready, f"the toy is not ready:\n{self.log()[-3000:]}")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log()[-3000:]
        return self._get("ready") is not None

    def signal(self, signum: int) -> None:
        self.process.send_signal(signum)

    def counts(self, name: str, **labels: str) -> Callable[[], float]:
        """A question: by how much has a metric grown since now?"""
        before = self.metric(name, **labels)
        return lambda: self.metric(name, **labels) - before

    def lives(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> int:
        """Ask it to end; gives its exit status."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def log(self) -> str:
        return self.log_file.read_text()

    def events(self) -> list[str]:
        """What it logged, by name."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line["event"] for line in lines]

    def metric(self, name: str, **labels: str) -> float:
        """A metric's value; 0 where it does not show yet."""
        wanted = ",".join(f'{label}="{value}"' for label, value in labels.items())
        start = f"{name}{{{wanted}}} " if wanted else f"{name} "
        lines = (self._get("metrics") or "").splitlines()
        return next((float(line.removeprefix(start)) for line in lines if line.startswith(start)), 0.0)

    def _get(self, page: str) -> str | None:
        try:
            answer = http().get(f"http://{self._ops}/{page}", timeout=5)
        except OSError:
            return None
        return answer.text if answer.ok else None


class Toys:
    """Starts toys on the shared servers; all are gone when the test is over."""

    def __init__(self, servers: Platform, url: str, room: Path) -> None:
        self._servers, self._url, self._room = servers, url, room
        self._started: list[Toy] = []

    def start(self, **settings: Any) -> Toy:
        """A toy that is ready; settings such as `amqp_uri` replace the usual ones."""
        toy = self.launch(**settings)
        toy.await_ready()
        return toy

    def launch(self, **settings: Any) -> Toy:
        """A toy that has just begun to start."""
        number = len(self._started) + 1
        environment = {
            "PATH": os.environ["PATH"],
            "UNIONHALL_ENV": "development",
            "UNIONHALL_HEARTBEAT": "1",
            "UNIONHALL_AMQP_URI": self._servers.amqp_uri("events"),
            "UNIONHALL_DATABASE_URL": self._url,
            "UNIONHALL_OPS_ADDRESS": f"127.0.0.1:{self._servers.directory.port(f'ops.toy.{number}')}",
            "UNIONHALL_FILE_KEY": self._servers.directory.file_key("toy"),
        }
        environment |= {f"UNIONHALL_{name.upper()}": str(value) for name, value in settings.items()}
        toy = Toy(environment, self._room / f"toy.{number}.log")
        self._started.append(toy)
        return toy

    def end(self) -> None:
        for toy in self._started:
            toy.kill()


class Asker:
    """A caller in a process of its own; several requests may be under way."""

    def __init__(self, uri: str) -> None:
        self._process = run("tests.chassis.asker", uri, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._ids = count()
        self._answers: dict[int, dict[str, Any]] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        eventually(lambda: READY in self._answers, "the asker cannot reach the broker")

    def ask(
        self,
        operation: Operation,
        request: Mapping[str, Any],
        *,
        key: str | None = None,
        seconds: float = PATIENCE,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Send a request; gives what `answer` wants."""
        number = next(self._ids)
        line = {"id": number, "method": operation.wire_name, "request": request, "key": key, "seconds": seconds}
        line |= {"role": ORGANISERS[0], "root": UNION, "headers": headers or {}}
        assert self._process.stdin is not None
        self._process.stdin.write(orjson.dumps(line) + b"\n")
        self._process.stdin.flush()
        return number

    def answer(self, number: int) -> Any:
        """Wait for an answer: the reply, or the name of the error."""
        eventually(lambda: number in self._answers, "no answer came")
        answer = self._answers.pop(number)
        return answer.get("error") or answer["result"]

    def __call__(self, operation: Operation, request: Mapping[str, Any], **details: Any) -> Any:
        """Ask and wait."""
        return self.answer(self.ask(operation, request, **details))

    def has_answer(self, number: int) -> bool:
        return number in self._answers

    def end(self) -> None:
        self._process.kill()
        self._listener.join()
        self._process.communicate()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            self._answers[answer["id"]] = answer


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


def union_founded(name: str, sequence: int = 1, **data: Any) -> dict[str, Any]:
    """A whole event that passes its schema."""
    kind = UnionFounded.event_type
    now = datetime.now(UTC)
    return build(
        kind,
        sample(*data_schema(kind)) | {kind.subject: str(uuid4()), "name": name} | data,
        event_id=new_id(),
        sequence=sequence,
        time=now,
        recorded_time=now,
        org_id=UNION,
        region_code="330110",
    )


def draft_of(title: str) -> dict[str, Any]:
    """A request that the toy obeys."""
    moment = "2023-03-01T19:00:00+08:00"
    return {
        "organizer_union_id": UNION, "kind": "study", "title": title, "starts_at": moment, "ends_at": moment,
    }  # fmt: skip


class Books:
    """The toy's database, as the tests read it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def effects(self, of: str) -> int:
        """How often an event or command took effect."""
        return self.scalar(select(func.count()).select_from(effect).where(effect.c.of == of))

    def effects_called(self, title: str) -> int:
        """How often what has this title took effect."""
        return self.scalar(select(func.count()).select_from(effect).where(effect.c.text == title))

    def published(self, subject: str) -> bool:
        """Whether an aggregate's first event has left the outbox."""
        query = "SELECT count(*) FROM outbox WHERE aggregate_id = :subject AND published_at IS NOT NULL"
        return bool(self.scalar(query, subject=subject))

    def cure(self, title: str) -> None:
        with self.database.writer.begin() as connection:
            connection.execute(cured.insert().values(text=title))

    def scalar(self, query: Any, **values: Any) -> Any:
        with self.database.reader.connect() as connection:
            return connection.scalar(text(query) if isinstance(query, str) else query, values)

    @contextmanager
    def held(self, number: int) -> Iterator["Lock"]:
        """Make everything wait that says `wait <number>`, to the end of the block at the latest."""
        with self.database.writer.connect() as connection:
            lock = Lock(connection, number)
            try:
                yield lock
            finally:
                lock.release()


class Lock:
    """What toys wait for."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection, self._number = connection, number
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})

    def keeps(self, number: int) -> bool:
        """Whether so many wait by now."""
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :number AND NOT granted"
        count: int = self._connection.execute(text(waiting), {"number": self._number}).scalar_one()
        return count >= number

    def release(self) -> None:
        self._connection.commit()
