"""Tells the supervisor what to keep running, and finds, signals and stops exactly the processes that it started."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from unionctl.directory import RunDirectory, write_private
from unionctl.errors import PlatformError

#: Start times of one process, read before and after a step of the machine's clock, differ by at most this (s).
START_TIME_TOLERANCE = 2.0
#: Seconds between two looks at a condition that is waited for.
POLL_SECONDS = 0.05
#: Name under which the supervisor itself is recorded.
SUPERVISOR = "supervisor"
#: Variable by which a process is known as one of a run directory, also where no record tells of it.
MARK = "UNIONHALL_SUPERVISED"
#: Errors of reading a file that is not there, is empty, or was written by somebody else.
_UNREADABLE = (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError, OverflowError)


@dataclass(frozen=True)
class Spec:
    """One process that the supervisor keeps running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    #: Seconds from the stop signal to SIGKILL.
    grace: float = 20.0


@dataclass(frozen=True)
class Record:
    """One process that was started: enough to know it again after its id was given to another."""

    pid: int
    started: float
    restarts: int = 0
    stop_signal: int = signal.SIGTERM

    def process(self) -> psutil.Process | None:
        """The process, if it still lives and is the one that was started."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < START_TIME_TOLERANCE
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


class Processes:
    """The processes of one run directory: a file `<name>.spec` for each wanted one, `<name>.pid` for each started."""

    def __init__(self, directory: RunDirectory) -> None:
        self.directory = directory
        self.room = directory.path / "processes"
        self._starting = threading.Lock()

    def names(self) -> list[str]:
        """Names of the wanted processes."""
        return sorted(file.stem for file in self.room.glob("*.spec"))

    def running(self) -> set[str]:
        """Names of the wanted processes that live."""
        return {name for name in self.names() if self.record(name)}

    def record(self, name: str) -> Record | None:
        """What runs under this name, or None."""
        record = read_record(self._pid_file(name))
        return record if record and record.process() else None

    def restarts(self, name: str) -> int:
        """How often a process had to be started again, also while it waits for the next time."""
        record = read_record(self._pid_file(name))
        return record.restarts if record else 0

    def pid(self, name: str) -> int:
        """Process id; PlatformError if it doesn't run."""
        record = self.record(name)
        if record is None:
            raise PlatformError(f"{name} is not running.")
        return record.pid

    def start(self, spec: Spec) -> None:
        """Keep a process running; a running one of another command or environment is replaced."""
        self.ensure_supervisor()
        file = self.room / f"{spec.name}.spec"
        text = json.dumps(asdict(spec), indent=2)
        if file.exists() and file.read_bytes() != text.encode():
            self.stop(spec.name)
        if not file.exists():
            write_private(file, text)
        wait_until(lambda: read_record(self._pid_file(spec.name)), 10, f"{spec.name} was not started.")

    def stop(self, *names: str) -> None:
        """Stop processes at the same time, each by its own stop signal, and wait until the last is gone."""
        files = {name: file for name in names if (file := self.room / f"{name}.spec").exists()}
        graces = [spec.grace for file in files.values() if (spec := read_spec(file))]
        for file in files.values():
            file.unlink(missing_ok=True)
        if not self.supervised():
            self._stop_leftovers()
        wait_until(
            lambda: not any(read_record(self._pid_file(name)) for name in files),
            max(graces, default=0) + 5,
            f"These do not stop: {', '.join(names)}.",
        )

    def signal(self, name: str, signum: int) -> None:
        """Send one signal to one process; the supervisor restarts what dies of it."""
        os.kill(self.pid(name), signum)

    def tree(self, name: str) -> list[psutil.Process]:
        """A process and all its descendants."""
        process = psutil.Process(self.pid(name))
        return [process, *process.children(recursive=True)]

    def supervised(self) -> bool:
        return self.record(SUPERVISOR) is not None

    def ensure_supervisor(self) -> None:
        """Start the supervisor, detached from this terminal, after stopping what a killed one left behind."""
        with self._starting:
            if self.supervised():
                return
            self.directory.create()
            self._stop_leftovers()
            subprocess.run(
                [sys.executable, "-m", "unionctl.supervisor", str(self.directory.path)],
                cwd=Path(__file__).parent.parent,
                env={**os.environ, **mark(self.directory, signal.SIGTERM)},
                check=True,
            )
            wait_until(self.supervised, 10, "The supervisor was not started.")

    def stop_supervisor(self) -> None:
        """End the supervisor, which first stops whatever it still runs."""
        if self.supervised():
            self.signal(SUPERVISOR, signal.SIGTERM)
            wait_until(lambda: not self.supervised(), 60, "The supervisor does not stop.")

    def _stop_leftovers(self) -> None:
        files = list(self.room.glob("*.pid"))
        known = [record for file in files if (record := read_record(file))]
        stop_all([*known, *strays(self.directory, {record.pid for record in known})])
        for file in files:
            file.unlink(missing_ok=True)

    def _pid_file(self, name: str) -> Path:
        return self.room / f"{name}.pid"


def stop_all(records: list[Record], grace: float = 20.0) -> None:
    """Stop processes that no supervisor watches any more; what outlives the grace is killed with its descendants."""
    families = []
    for record in records:
        if process := record.process():
            families += [process, *process.children(recursive=True)]
            process.send_signal(record.stop_signal)
    _, alive = psutil.wait_procs(families, timeout=grace)
    for survivor in alive:
        survivor.kill()


def mark(directory: RunDirectory, stop_signal: int) -> dict[str, str]:
    """The variable that a process of a run directory carries: how it is stopped, and the directory."""
    return {MARK: f"{int(stop_signal)} {directory.path}"}


def strays(directory: RunDirectory, known: Collection[int]) -> list[Record]:
    """Marked processes that nobody wrote down, the highest of each family; never the one that asks or one above it."""
    us = psutil.Process()
    ours = {us.pid, *(parent.pid for parent in us.parents()), *known}
    found = {process.pid: signum for process in psutil.process_iter() if (signum := _stop_signal(process, directory))}
    records = []
    for pid, signum in found.items():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            above = {parent.pid for parent in process.parents()}
            if pid not in ours and not above & (found.keys() | set(known)):
                records.append(Record(pid, process.create_time(), stop_signal=signum))
    return records


def _stop_signal(process: psutil.Process, directory: RunDirectory) -> int | None:
    """How a marked process is stopped; None for any other."""
    try:
        signum, _, path = process.environ().get(MARK, "").partition(" ")
    except (psutil.Error, OSError):
        return None
    return int(signum) if path == str(directory.path) and signum.isdigit() else None


def read_spec(file: Path) -> Spec | None:
    """Read what a process is to be, or None if it is not wanted any more or its file tells nothing."""
    try:
        content = json.loads(file.read_text())
        command = tuple(map(str, content["command"]))
        environment = {str(name): str(value) for name, value in content["environment"].items()}
        stop_signal, grace = int(content["stop_signal"]), float(content["grace"])
        return Spec(str(content["name"]), command, environment, stop_signal, grace)
    except _UNREADABLE:
        return None


def read_record(file: Path) -> Record | None:
    """Read what was started, or None if nothing was or its file tells nothing."""
    try:
        content = json.loads(file.read_text())
        whole = {name: int(content[name]) for name in ("pid", "restarts", "stop_signal")}
        return Record(started=float(content["started"]), **whole) if whole["pid"] > 0 else None
    except _UNREADABLE:
        return None


def wait_until(condition: Callable[[], object], seconds: float, otherwise: str) -> None:
    """Wait for a condition; PlatformError with the given sentence if it doesn't come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise PlatformError(otherwise)
        time.sleep(POLL_SECONDS)
