"""What the supervisor does when the machine has no room left: a disk is full, or a process cannot be made."""

import errno
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import pytest

from unionctl import supervisor as module
from unionctl.directory import RunDirectory, write_private
from unionctl.processes import Processes, Spec
from unionctl.supervisor import Child, Supervisor

SLEEPER = Spec("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"))


def no_room(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor that ticks when the test says so, and wants a sleeper."""
    directory = RunDirectory(tmp_path)
    directory.create()
    made = Supervisor(directory)
    (made.room / "sleeper.spec").write_text(json.dumps(asdict(SLEEPER)))
    yield made
    for child in made.children.values():
        if child.popen is not None:
            child.popen.kill()
            child.popen.wait()


def sleeper(supervisor: Supervisor) -> Child:
    """The one child, after a tick that does not wait for its pause."""
    if child := supervisor.children.get("sleeper"):
        child.again_at = 0.0
    supervisor.tick()
    return supervisor.children["sleeper"]


@pytest.mark.parametrize("full", ["Popen", "log"])
def test_what_cannot_start_is_tried_again_with_a_longer_pause_each_time(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(*((module.subprocess, "Popen") if full == "Popen" else (RunDirectory, "log")), no_room)
        pauses = [sleeper(supervisor).backoff for _ in range(3)]
        assert sleeper(supervisor).popen is None
    assert pauses == sorted(set(pauses))
    popen = sleeper(supervisor).popen
    assert popen is not None
    assert psutil.Process(popen.pid).is_running()


def test_what_runs_and_cannot_be_written_down_is_kept_and_written_down_later(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = Processes(supervisor.directory)
    with monkeypatch.context() as broken:
        broken.setattr(module, "write_private", no_room)
        first = sleeper(supervisor).popen
        assert first is not None
        assert sleeper(supervisor).popen is first
        assert processes.record("sleeper") is None
    supervisor.tick()
    assert processes.pid("sleeper") == first.pid


def test_what_dies_on_a_full_disk_is_started_again(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sleeper(supervisor).popen
    assert first is not None
    monkeypatch.setattr(module, "write_private", no_room)
    first.kill()
    first.wait()
    supervisor.tick()
    second = sleeper(supervisor).popen
    assert second is not None
    assert second.pid != first.pid


def test_what_was_wanted_and_never_started_can_be_stopped(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.subprocess, "Popen", no_room)
    sleeper(supervisor)
    (supervisor.room / "sleeper.spec").unlink()
    supervisor.tick()
    assert supervisor.children == {}


def test_a_file_that_does_not_fit_leaves_the_old_one_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.json"
    write_private(file, "old")
    monkeypatch.setattr(Path, "write_text", no_room)
    with pytest.raises(OSError, match="No space"):
        write_private(file, "new")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]
