"""Finds out whether processes are ready, and why they aren't."""

import time
from collections.abc import Mapping

import requests

from unionctl.errors import NotReady
from unionctl.management import http
from unionctl.processes import POLL_SECONDS, Processes

#: A process that was started again this often while we waited won't become ready by waiting.
HOPELESS_RESTARTS = 4
#: Seconds in which a process must answer the question.
ANSWER_SECONDS = 2
#: Lines of a log that are shown with an error.
LOG_LINES = 15


def is_ready(ops_address: str) -> bool:
    """Whether a process says that its database, broker and consumers are there."""
    try:
        return http().get(f"http://{ops_address}/ready", timeout=ANSWER_SECONDS).ok
    except requests.RequestException:
        return False


def await_ready(processes: Processes, addresses: Mapping[str, str], timeout: float) -> None:
    """Wait until all processes are ready; NotReady as soon as one keeps dying, or after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    restarts = {name: processes.restarts(name) for name in addresses}
    waiting = list(addresses)
    while waiting := [name for name in waiting if not is_ready(addresses[name])]:
        for name in waiting:
            if processes.restarts(name) - restarts[name] >= HOPELESS_RESTARTS:
                raise NotReady(f"{name} keeps ending.\n{_log_end(processes, name)}")
        if time.monotonic() > deadline:
            raise NotReady(f"{waiting[0]} is not ready after {timeout:.0f} s.\n{_log_end(processes, waiting[0])}")
        time.sleep(POLL_SECONDS)


def _log_end(processes: Processes, name: str) -> str:
    lines = processes.directory.log(name).read_text(errors="replace").splitlines()
    return "\n".join(lines[-LOG_LINES:])
