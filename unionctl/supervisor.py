"""Keeps the processes of one run directory running: one detached process that starts, restarts and stops the rest."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

import psutil

from unionctl.directory import RunDirectory, write_private
from unionctl.processes import SUPERVISOR, Record, Spec, read_spec

#: Seconds between two looks at the wanted and the running processes.
TICK_SECONDS = 0.1
#: Seconds before the first restart; each further one waits twice as long.
FIRST_BACKOFF = 0.2
#: Longest wait before a restart: short enough that services are back soon after their broker is.
LONGEST_BACKOFF = 5.0
#: A process that lived this long (s) starts again with the shortest wait.
LIVED_WELL = 30.0

log = logging.getLogger(SUPERVISOR)


@dataclass
class Child:
    """A started process and how often it had to be started again."""

    spec: Spec
    popen: subprocess.Popen[bytes]
    started: float
    restarts: int = 0
    backoff: float = FIRST_BACKOFF
    again_at: float | None = None
    kill_at: float | None = None


class Supervisor:
    """Compares the wanted processes (`*.spec`) with its children, again and again."""

    def __init__(self, directory: RunDirectory) -> None:
        self.directory = directory
        self.room = directory.path / "processes"
        self.children: dict[str, Child] = {}
        self.stopping = False

    def run(self) -> None:
        """Supervise until SIGTERM, then stop the children, the youngest first."""
        signal.signal(signal.SIGTERM, self._on_sigterm)
        self._write_record(Spec(SUPERVISOR, ()), os.getpid())
        while not self.stopping:
            self.tick()
            time.sleep(TICK_SECONDS)
        for name in reversed(list(self.children)):
            while name in self.children:
                self._stop(self.children[name])
                self._reap(self.children[name])
                time.sleep(TICK_SECONDS)
        self._forget(SUPERVISOR)

    def tick(self) -> None:
        """Bring the children one step nearer to what is wanted."""
        wanted = {file.stem for file in self.room.glob("*.spec")}
        for name, child in list(self.children.items()):
            if name not in wanted:
                self._stop(child)
            self._reap(child)
        for name in sorted(wanted - self.children.keys()):
            if spec := read_spec(self.room / f"{name}.spec"):
                self._start(spec)
        for child in self.children.values():
            if child.again_at is not None and time.monotonic() >= child.again_at:
                self._restart(child)

    def _start(self, spec: Spec) -> None:
        self.children[spec.name] = Child(spec, self._spawn(spec), time.monotonic())

    def _restart(self, child: Child) -> None:
        child.restarts += 1
        child.popen = self._spawn(child.spec, child.restarts)
        child.started, child.again_at = time.monotonic(), None

    def _spawn(self, spec: Spec, restarts: int = 0) -> subprocess.Popen[bytes]:
        with self.directory.log(spec.name).open("ab") as output:
            popen = subprocess.Popen(
                spec.command,
                env=dict(spec.environment),
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._write_record(spec, popen.pid, restarts)
        log.info("%s started as %d", spec.name, popen.pid)
        return popen

    def _stop(self, child: Child) -> None:
        if child.again_at is not None:
            self._drop(child)
        elif child.kill_at is None:
            child.popen.send_signal(child.spec.stop_signal)
            child.kill_at = time.monotonic() + child.spec.grace
        elif time.monotonic() >= child.kill_at:
            log.warning("%s did not stop and is killed", child.spec.name)
            os.killpg(child.popen.pid, signal.SIGKILL)

    def _reap(self, child: Child) -> None:
        if child.again_at is not None or child.popen.poll() is None:
            return
        if child.kill_at is not None:
            log.info("%s stopped with %d", child.spec.name, child.popen.returncode)
            self._drop(child)
            return
        if time.monotonic() - child.started > LIVED_WELL:
            child.backoff = FIRST_BACKOFF
        child.again_at = time.monotonic() + child.backoff
        log.warning("%s ended with %d, again in %.1f s", child.spec.name, child.popen.returncode, child.backoff)
        child.backoff = min(child.backoff * 2, LONGEST_BACKOFF)

    def _drop(self, child: Child) -> None:
        self.children.pop(child.spec.name, None)
        self._forget(child.spec.name)

    def _write_record(self, spec: Spec, pid: int, restarts: int = 0) -> None:
        record = Record(pid, psutil.Process(pid).create_time(), restarts, spec.stop_signal)
        write_private(self.room / f"{spec.name}.pid", json.dumps(asdict(record)))

    def _forget(self, name: str) -> None:
        (self.room / f"{name}.pid").unlink(missing_ok=True)

    def _on_sigterm(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True


def main(path: str) -> None:
    """Leave the terminal that started us, and supervise."""
    directory = RunDirectory(Path(path))
    if os.fork():
        os._exit(0)
    os.setsid()
    # logs and whatever the children write are nobody else's to read
    os.umask(0o077)
    logging.basicConfig(
        filename=directory.log(SUPERVISOR), level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    with Path(os.devnull).open("r+b") as null:
        for stream in (0, 1, 2):
            os.dup2(null.fileno(), stream)
    Supervisor(directory).run()


if __name__ == "__main__":
    main(sys.argv[1])
