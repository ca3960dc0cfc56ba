"""Says which processes a platform runs, and gives each its command and environment."""

import os
import sys
from collections.abc import Mapping, Sequence

from contracts.registry import SERVICES
from unionctl.errors import PlatformError

#: Name of the way in; it isn't a service, but has a database, a broker user and processes like one.
GATEWAY = "gateway"
#: The service that knows persons: their keys, and the database that holds these, are given to it alone.
KEEPER = "membership"
#: Name of that database.
KEYSTORE = "keystore"
#: Everything that runs, in the order in which it is started.
RUNNING: tuple[str, ...] = (*SERVICES, GATEWAY)
#: What a process takes over from the caller's environment; the rest could hold secrets and stays out of our files.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONDONTWRITEBYTECODE")
#: Settings that the caller may set for all processes alike.
PASSED_ON = ("UNIONHALL_WORKERS", "UNIONHALL_HEARTBEAT", "UNIONHALL_LOG_FORMAT", "UNIONHALL_SECOND_FACTOR")


def service_of(process: str) -> str:
    """The service of which a process is an instance: `events` for `events.2`."""
    return process.partition(".")[0]


def instances(services: Sequence[str], scale: Mapping[str, int], running: Sequence[str] = ()) -> list[str]:
    """Names of the processes: as many of a service as `scale` says; where it says nothing, what runs, and one at least.

    PlatformError for a stranger's name.
    """
    if strangers := scale.keys() - set(services):
        raise PlatformError(f"No service is called {min(strangers)}; there are {', '.join(services)}.")
    return [name for service in services for name in _of(service, scale.get(service), running)]


def _of(service: str, number: int | None, running: Sequence[str]) -> list[str]:
    first = f"{service}.1"
    if number is None:
        return [first, *(name for name in running if service_of(name) == service and name != first)]
    return [f"{service}.{count + 1}" for count in range(number)]


def command(service: str) -> tuple[str, ...]:
    """The command that starts one instance of a service."""
    package = GATEWAY if service == GATEWAY else f"services.{service}"
    return (sys.executable, "-m", "chassis.run", f"{package}.service:{service.capitalize()}")


def base_environment() -> dict[str, str]:
    """What every process takes from the caller's environment."""
    return {name: os.environ[name] for name in (*INHERITED, *PASSED_ON) if name in os.environ}
