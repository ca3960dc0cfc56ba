"""What every benchmark stands on: servers given from outside, processes of its own, a database of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlalchemy import URL, create_engine, make_url, text
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from unionctl.platform import Platform

#: Seconds until a process must answer.
READY_WITHIN = 20

#: Seconds a process may take to end after SIGTERM; nameko with a reply outstanding would take for ever.
GRACE = 3

#: The repository: processes start here, so that `benchmarks.stock` can be imported.
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Backing:
    """The platform whose broker and PostgreSQL both sides are measured on, and where to keep logs and results."""

    platform: Platform
    directory: Path

    @property
    def amqp_uri(self) -> str:
        """A broker user who may declare anything."""
        return self.platform.broker.admin_uri

    @property
    def admin_url(self) -> URL:
        """A PostgreSQL role that may create databases."""
        return self.platform.postgres.admin_url.set(drivername="postgresql+psycopg2")


class NotReady(Exception):
    """A process did not answer in time; its log says why."""


def free_address() -> str:
    """A loopback address and port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
        return f"{host}:{port}"


@contextmanager
def nameko(module: str, config: Path, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """Run `nameko run --config config module` with `environment` added; gives its pid, ends it on leaving."""
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "nameko", "run", "--config", str(config), module]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(url: str, log: Path) -> None:
    """Wait until a GET of `url` answers 2xx; raises `NotReady` after `READY_WITHIN` seconds."""
    attempts = Retrying(
        retry=retry_if_exception_type(requests.RequestException),
        stop=stop_after_delay(READY_WITHIN),
        wait=wait_fixed(0.1),
        reraise=True,
    )
    try:
        attempts(lambda: requests.get(url, timeout=2).raise_for_status())
    except requests.RequestException as error:
        raise NotReady(f"{url}: see {log}") from error


@contextmanager
def database(backing: Backing, name: str) -> Iterator[URL]:
    """An empty database called `name` for as long as the block lasts; one left over by a crash is replaced."""
    admin = create_engine(backing.admin_url, isolation_level="AUTOCOMMIT")
    drop = text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    with admin.connect() as connection:
        connection.execute(drop)
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(backing.admin_url).set(database=name)
    finally:
        with admin.connect() as connection:
            connection.execute(drop)
        admin.dispose()
