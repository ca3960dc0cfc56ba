"""Keeps everything one platform has in one directory, so that several can run beside each other."""

import base64
import fcntl
import json
import os
import random
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: Ports are picked below the range from which Linux takes the ports of outgoing connections.
PORT_RANGE = range(20_000, 32_000)


class RunDirectory:
    """The files of one platform: `state.json` (its ports), `secrets/`, `data/`, `logs/` and `processes/`."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.state_file = self.path / "state.json"
        self._ports_guard = threading.Lock()

    def create(self) -> None:
        """Make the directory and its rooms, for their owner alone; harmless when they are there."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for room in ("data", "logs", "processes", "secrets"):
            (self.path / room).mkdir(mode=0o700, exist_ok=True)
            # those of an older version are open to everybody
            (self.path / room).chmod(0o700)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one command at a time change the platform."""
        self.create()
        with (self.path / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def data(self, server: str) -> Path:
        return self.path / "data" / server

    def log(self, process: str) -> Path:
        return self.path / "logs" / f"{process}.log"

    def port(self, name: str, preferred: int | None = None) -> int:
        """Give the loopback port with this name: the one written down, else a free one, which is written down."""
        with self._ports_guard:
            ports = self._ports()
            if name not in ports:
                ports[name] = _free_port(set(ports.values()), preferred)
                self._write_ports(ports)
            return ports[name]

    def renew_port_if_taken(self, name: str) -> None:
        """Forget a port that a stranger took while the platform was down."""
        with self._ports_guard:
            ports = self._ports()
            if name in ports and not _is_free(ports[name]):
                del ports[name]
                self._write_ports(ports)

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """Read a secret; make it on first use, readable by its owner alone."""
        file = self.secret_file(name)
        if not file.exists():
            self.create()
            write_private(file, make())
        return file.read_text()

    def secret_file(self, name: str) -> Path:
        """Where a secret lies, or will."""
        return self.path / "secrets" / name

    def password(self, account: str) -> str:
        """Password of a database role or broker user: `UNIONHALL_PASSWORD_<ACCOUNT>`, else a generated one."""
        given = os.environ.get(_variable(account))
        return given or self.secret(f"{account}.password", lambda: secrets.token_urlsafe(24))

    def password_place(self, account: str) -> str:
        """Where `password` finds it: the variable that gives it, else a file."""
        return (
            _variable(account) if os.environ.get(_variable(account)) else str(self.secret_file(f"{account}.password"))
        )

    def file_key(self, service: str) -> str:
        """The base64 key of 32 bytes that wraps the keys of a service's files."""
        return self.secret(f"{service}.file-key", _key)

    def person_key(self, use: str) -> str:
        """One of the base64 keys of 32 bytes that persons' data depend on; lost, they cannot be read or found again."""
        return self.secret(f"persons.{use}-key", _key)

    def token_key(self) -> str:
        """The Ed25519 private key, 32 bytes in base64, with which the gateway signs access tokens."""
        return self.secret("gateway.token-key", _key)

    def _ports(self) -> dict[str, int]:
        """What is written down; what cannot be read counts as nothing."""
        try:
            ports = json.loads(self.state_file.read_text())["ports"]
            return {str(name): int(port) for name, port in ports.items()}
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
            return {}

    def _write_ports(self, ports: dict[str, int]) -> None:
        self.create()
        write_private(self.state_file, json.dumps({"ports": ports}, indent=2))


def write_private(file: Path, text: str) -> None:
    """Write a file of mode 0600 in one step, so that no reader sees half of it; on a full disk nothing changes."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        draft.write_text(text)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def _variable(account: str) -> str:
    return f"UNIONHALL_PASSWORD_{account.upper()}"


def _free_port(taken: set[int], preferred: int | None) -> int:
    candidates = [preferred] if preferred else []
    candidates += random.sample(PORT_RANGE, 100)
    return next(port for port in candidates if port not in taken and _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
