"""Starts the HTTP server in a process of its own and speaks to it byte by byte."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from threading import Event
from typing import Any

from tests.gateway.test_errors import UNION


class Server:
    """A process that serves, what it logs, and what it does when it is told to stop."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.log = log
        self.port = int(process.stdout.readline())


@contextmanager
def serving(url: str, log: Path, most: int, files: int | None = None) -> Iterator[Server]:
    """`files` is how many the process may open."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.gateway.serving", url, str(most)]
    if files is not None:
        command = ["prlimit", f"--nofile={files}", *command]
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=os.environ, text=True)
        with process:
            try:
                yield Server(process, log)
            finally:
                process.kill()


class Client:
    """One connection."""

    def __init__(self, port: int, token: str, patience: float = 20) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._token = token

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *headers: str, body: bytes = b"", request: str = f"POST {UNION}/approve HTTP/1.1") -> None:
        fixed = (
            "Host: test",
            "Content-Type: application/json",
            f"Authorization: Bearer {self._token}",
            "Idempotency-Key: key",
        )
        self._socket.sendall("\r\n".join((request, *fixed, *headers, "", "")).encode() + body)

    def more(self, data: bytes) -> None:
        self._socket.sendall(data)

    def drip(self, stopped: Event) -> None:
        """Send a byte now and then, as long as anybody takes it."""
        with suppress(OSError):
            while not stopped.wait(0.2):
                self.more(b" ")

    def end(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self) -> tuple[int, Any]:
        response = HTTPResponse(self._socket)
        response.begin()
        body = response.read()
        is_problem_or_reply = "json" in response.headers.get("Content-Type", "")
        return response.status, json.loads(body) if is_problem_or_reply else None

    def rest(self) -> bytes:
        """All that comes until the server ends the connection."""
        return b"".join(iter(lambda: self._socket.recv(65536), b""))

    def is_closed(self) -> bool:
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def announced(body: bytes) -> str:
    return f"Content-Length: {len(body)}"
