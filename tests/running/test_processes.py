"""What the supervisor promises about the processes it was asked to keep running."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from unionctl.directory import RunDirectory
from unionctl.errors import PlatformError
from unionctl.processes import SUPERVISOR, Processes, Record, Spec, mark, wait_until

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
DEAF = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)


def test_a_killed_process_is_started_again(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    first = processes.pid("sleeper")
    processes.signal("sleeper", signal.SIGKILL)
    wait_until(lambda: processes.restarts("sleeper") == 1, 10, "It was not started again.")
    assert processes.pid("sleeper") != first


def test_a_stopped_process_stays_stopped(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    process = psutil.Process(processes.pid("sleeper"))
    processes.stop("sleeper")
    assert not process.is_running()
    assert processes.names() == []


def test_starting_what_runs_already_leaves_it_alone(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    first = processes.pid("sleeper")
    processes.start(Spec("sleeper", SLEEPER))
    assert processes.pid("sleeper") == first


def test_another_environment_replaces_a_process(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    first = processes.pid("sleeper")
    processes.start(Spec("sleeper", SLEEPER, {"COLOUR": "red"}))
    assert processes.pid("sleeper") != first
    assert psutil.Process(processes.pid("sleeper")).environ()["COLOUR"] == "red"


def test_a_process_gets_its_own_environment_and_nothing_of_ours(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONLY_OURS", "secret")
    processes.start(Spec("sleeper", SLEEPER, {"COLOUR": "red"}))
    assert "ONLY_OURS" not in psutil.Process(processes.pid("sleeper")).environ()


def test_a_process_that_ignores_its_stop_signal_is_killed(processes: Processes) -> None:
    processes.start(Spec("deaf", DEAF, grace=0.2))
    log = processes.directory.log("deaf")
    wait_until(lambda: "deaf" in log.read_text(), 10, "It did not begin.")
    process = psutil.Process(processes.pid("deaf"))
    processes.stop("deaf")
    assert not process.is_running()


def test_what_a_killed_supervisor_left_behind_is_stopped_before_it_runs_twice(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    orphan = psutil.Process(processes.pid("sleeper"))
    processes.signal(SUPERVISOR, signal.SIGKILL)
    wait_until(lambda: not processes.supervised(), 10, "The supervisor lives on.")
    assert orphan.is_running()

    processes.start(Spec("sleeper", SLEEPER))

    assert not orphan.is_running()
    assert processes.pid("sleeper") != orphan.pid


def test_down_after_a_killed_supervisor_leaves_nothing_running(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    orphan = psutil.Process(processes.pid("sleeper"))
    processes.signal(SUPERVISOR, signal.SIGKILL)
    wait_until(lambda: not processes.supervised(), 10, "The supervisor lives on.")
    processes.stop("sleeper")
    assert not orphan.is_running()


def test_a_stale_pid_file_never_points_at_a_stranger(processes: Processes) -> None:
    """After a reboot our number may belong to somebody else's process."""
    stranger = subprocess.Popen(SLEEPER)
    try:
        processes.directory.create()
        stale = Record(stranger.pid, psutil.Process(stranger.pid).create_time() - 3600)
        (processes.room / "sleeper.pid").write_text(json.dumps(asdict(stale)))
        assert processes.record("sleeper") is None
        with pytest.raises(PlatformError, match="sleeper is not running"):
            processes.signal("sleeper", signal.SIGKILL)
        processes.stop("sleeper")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_environment_is_written_for_its_owner_alone(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER, {"PASSWORD": "secret"}))
    files = [file for file in processes.room.iterdir() if "secret" in file.read_text()]
    assert [file.stat().st_mode & 0o077 for file in files] == [0]


def test_the_supervisor_stops_its_children_when_it_is_told_to_end(processes: Processes, tmp_path: Path) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    child = psutil.Process(processes.pid("sleeper"))
    os.kill(processes.pid(SUPERVISOR), signal.SIGTERM)
    wait_until(lambda: not processes.supervised(), 20, "The supervisor lives on.")
    assert not child.is_running()


@pytest.mark.parametrize("written", ["", "{", "null", "[]", '{"pid": "x"}', '{"pid": -1}', '{"command": 7}'])
def test_bad_files_of_a_running_platform_count_as_absent_and_are_mended(processes: Processes, written: str) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    supervisor = processes.pid(SUPERVISOR)
    for file in processes.room.iterdir():
        file.write_text(written)

    wait_until(processes.supervised, 10, "The supervisor's record was not mended.")
    processes.start(Spec("sleeper", SLEEPER))
    process = psutil.Process(processes.pid("sleeper"))
    processes.stop("sleeper")

    assert processes.pid(SUPERVISOR) == supervisor
    assert not process.is_running()


@pytest.mark.parametrize("written", ["", "{", '{"pid": 1e999}'])
def test_bad_files_that_a_crash_left_behind_count_as_absent(processes: Processes, written: str) -> None:
    processes.directory.create()
    for name in ("sleeper.pid", "sleeper.spec", "supervisor.pid"):
        (processes.room / name).write_text(written)
    processes.stop("sleeper")
    processes.start(Spec("sleeper", SLEEPER))
    assert processes.running() == {"sleeper"}


def test_a_process_that_nobody_wrote_down_is_found_and_stopped(processes: Processes) -> None:
    processes.start(Spec("sleeper", SLEEPER))
    orphan = psutil.Process(processes.pid("sleeper"))
    processes.signal(SUPERVISOR, signal.SIGKILL)
    wait_until(lambda: not processes.supervised(), 10, "The supervisor lives on.")
    for file in processes.room.iterdir():
        file.unlink()

    processes.stop()

    assert not orphan.is_running()


def test_the_marked_processes_of_another_run_directory_are_left_alone(processes: Processes) -> None:
    other = subprocess.Popen(SLEEPER, env=mark(RunDirectory(processes.directory.path / "other"), signal.SIGTERM))
    try:
        processes.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_who_asks_from_within_a_marked_process_is_no_stray(processes: Processes) -> None:
    wrapper = "import sys; from pathlib import Path; from unionctl.directory import RunDirectory as D; "
    wrapper += "from unionctl.processes import strays; sys.exit(len(strays(D(Path(sys.argv[1])), ())))"
    command = [sys.executable, "-c", wrapper, str(processes.directory.path)]
    environment = {**os.environ, **mark(processes.directory, signal.SIGTERM)}
    assert subprocess.run(command, env=environment, check=False).returncode == 0
