"""Keeps the processes of one run directory running: one detached process that starts, restarts and stops the rest."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

import psutil

from unionctl.directory import RunDirectory, write_private
from unionctl.processes import SUPERVISOR, Record, Spec, mark, read_record, read_spec

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
    """A wanted process and how often it had to be started again; without a `popen` it waits for `again_at`."""

    spec: Spec
    popen: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    backoff: float = FIRST_BACKOFF
    again_at: float = 0.0
    kill_at: float | None = None

    def wait(self) -> float:
        """Be started again after a pause (s), each twice as long as the one before; gives this one."""
        pause = self.backoff
        self.popen, self.again_at = None, time.monotonic() + pause
        self.backoff = min(pause * 2, LONGEST_BACKOFF)
        return pause


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
        while not self.stopping:
            self._keep_record(Spec(SUPERVISOR, ()), os.getpid())
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
                self.children[name] = Child(spec)
                self._start(self.children[name])
        for child in self.children.values():
            if child.popen is None and time.monotonic() >= child.again_at:
                child.restarts += 1
                self._start(child)
            if child.popen is not None:
                self._keep_record(child.spec, child.popen.pid, child.restarts)

    def _start(self, child: Child) -> None:
        """Start a process; where the machine has no room for it, again after a pause."""
        try:
            child.popen = self._spawn(child.spec)
        except (OSError, ValueError) as error:
            log.warning("%s cannot start, again in %.1f s: %s", child.spec.name, child.wait(), error)
            return
        child.started = time.monotonic()
        log.info("%s started as %d", child.spec.name, child.popen.pid)

    def _spawn(self, spec: Spec) -> subprocess.Popen[bytes]:
        with self.directory.log(spec.name).open("ab") as output:
            return subprocess.Popen(
                spec.command,
                env={**spec.environment, **mark(self.directory, spec.stop_signal)},
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _stop(self, child: Child) -> None:
        if child.popen is None:
            self._drop(child)
        elif child.kill_at is None:
            child.popen.send_signal(child.spec.stop_signal)
            child.kill_at = time.monotonic() + child.spec.grace
        elif time.monotonic() >= child.kill_at:
            log.warning("%s did not stop and is killed", child.spec.name)
            os.killpg(child.popen.pid, signal.SIGKILL)

    def _reap(self, child: Child) -> None:
        if child.popen is None or (status := child.popen.poll()) is None:
            return
        if child.kill_at is not None:
            log.info("%s stopped with %d", child.spec.name, status)
            self._drop(child)
            return
        if time.monotonic() - child.started > LIVED_WELL:
            child.backoff = FIRST_BACKOFF
        log.warning("%s ended with %d, again in %.1f s", child.spec.name, status, child.wait())

    def _drop(self, child: Child) -> None:
        self.children.pop(child.spec.name, None)
        self._forget(child.spec.name)

    def _keep_record(self, spec: Spec, pid: int, restarts: int = 0) -> None:
        """See that what runs is written down; on a full disk the next tick tries again."""
        file = self.room / f"{spec.name}.pid"
        found = read_record(file)
        if found is None or found.pid != pid:
            record = Record(pid, psutil.Process(pid).create_time(), restarts, spec.stop_signal)
            with suppress(OSError):
                write_private(file, json.dumps(asdict(record)))

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
