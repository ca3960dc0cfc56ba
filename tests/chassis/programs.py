"""Toy services and a caller, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from contracts.declare import Operation
from contracts.events.activities import ORGANISERS
from tests.chassis.samples import UNION
from tests.chassis.waiting import PATIENCE, eventually
from unionctl.management import http
from unionctl.platform import Platform

#: Id of the line by which an asker says that it can ask.
READY = -1
ROOT = Path(__file__).parents[2]


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
