"""What is done to a platform under load; each fault is over when its function or block ends."""

import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import requests

from tests.support.broker import put, take_all
from unionctl.broker import Broker
from unionctl.management import http
from unionctl.platform import Platform
from unionctl.processes import SUPERVISOR, wait_until

#: Seconds until a killed process must have died often enough, for each time.
_DEATH = 40.0
#: Seconds until another process leads after the leader fell silent: its session lives 30 s.
_TAKE_OVER = 60.0
_LEADS = re.compile(r"^unionhall_relay_leader 1\.0$", re.MULTILINE)


def kill_at(platform: Platform, failpoint: str, times: int, is_over: Callable[[], bool]) -> int:
    """Have a service's processes die at a failpoint, again and again, as often as told; gives how often they did.

    `failpoint` is the service, the place and each which time; nothing kills them once the load is over.
    """
    service, place, every = failpoint.split()
    before = kills(platform, service)

    def have_died() -> bool:
        return kills(platform, service) - before >= times

    with armed(platform, service, f"{place}:kill:{every}"):
        wait_until(lambda: have_died() or is_over(), times * _DEATH, f"{service} does not die at {place}.")
    return kills(platform, service) - before


@contextmanager
def armed(platform: Platform, service: str, failpoint: str) -> Iterator[None]:
    """A service whose processes have a failpoint; they are restarted for it, and again afterwards."""
    processes = platform.matching(service)
    with ThreadPoolExecutor() as pool:
        restart = partial(platform.start_process, extra={"UNIONHALL_FAILPOINTS": failpoint})
        list(pool.map(restart, processes))
        try:
            yield
        finally:
            list(pool.map(platform.start_process, processes))
            platform.wait_ready(*processes)


def kills(platform: Platform, service: str) -> int:
    """How often processes of a service died of SIGKILL so far."""
    return len(re.findall(rf"{service}\.\d+ ended with -{signal.SIGKILL}\b", _supervisor_log(platform)))


def leader(platform: Platform, service: str) -> str | None:
    """The process of a service that publishes its events, as it says itself."""
    for process in platform.matching(service):
        try:
            metrics = http().get(f"http://{platform.ops_address(process)}/metrics", timeout=2).text
        except requests.RequestException:
            continue
        if _LEADS.search(metrics):
            return process
    return None


def freeze_leader(platform: Platform, service: str) -> None:
    """Stop the time of the process that publishes until another one does, and then let it go on."""
    wait_until(lambda: leader(platform, service) is not None, _TAKE_OVER, f"Nobody leads in {service}.")
    frozen = leader(platform, service)
    assert frozen is not None
    platform.signal(frozen, signal.SIGSTOP)
    try:
        wait_until(lambda: leader(platform, service) not in (None, frozen), _TAKE_OVER, "Nobody took over.")
    finally:
        platform.signal(frozen, signal.SIGCONT)


@contextmanager
def broker_down(platform: Platform) -> Iterator[None]:
    """A broker that is stopped in order, and started again afterwards."""
    platform.broker.stop()
    try:
        yield
    finally:
        platform.broker.start()


@contextmanager
def stopped(platform: Platform, service: str) -> Iterator[None]:
    """A service without processes."""
    processes = platform.matching(service)
    platform.processes.stop(*processes)
    try:
        yield
    finally:
        for process in processes:
            platform.start_process(process)
        platform.wait_ready(*processes)


def triple(broker: Broker, queue: str) -> None:
    """Replace what waits in a queue that nobody consumes by three copies of each message, shuffled."""
    messages = take_all(broker, queue) * 3
    random.shuffle(messages)
    put(broker, messages, key=queue)


def freeze_broker(platform: Platform, seconds: float) -> None:
    """Stop the broker's time: its connections stay and say nothing."""
    platform.broker.freeze()
    try:
        time.sleep(seconds)
    finally:
        platform.broker.thaw()


def raise_memory_alarm(platform: Platform, seconds: float) -> None:
    """Have the broker block whoever publishes."""
    platform.broker.set_memory_alarm(True)
    try:
        time.sleep(seconds)
    finally:
        platform.broker.set_memory_alarm(False)


def restart_each(platform: Platform) -> dict[str, int]:
    """Send SIGTERM to one process after the other in the middle of their work, and start each again.

    Gives the exit status of each.
    """
    before = len(_supervisor_log(platform))
    processes = platform.process_names()
    for process in processes:
        platform.restart_process(process)
        platform.wait_ready(process)
    ends = re.findall(r" (\S+) stopped with (-?\d+)", _supervisor_log(platform)[before:])
    return {process: int(status) for process, status in ends}


def _supervisor_log(platform: Platform) -> str:
    return platform.directory.log(SUPERVISOR).read_text()
