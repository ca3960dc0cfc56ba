"""Chooses the broker: given, installed, in a container, or installed now; in this order."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unionctl.broker import Broker, GivenBroker, OwnBroker
from unionctl.broker_container import ContainerBroker, engine_answers
from unionctl.broker_node import PrivateNode, find_scripts
from unionctl.directory import RunDirectory
from unionctl.errors import NoBroker, PlatformError
from unionctl.processes import Processes

#: Debian asks this script whether a package that is being installed may start its service.
SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")


def find_broker(directory: RunDirectory, processes: Processes) -> Broker:
    """The broker this machine offers; NoBroker if there is none and none can be installed."""
    if amqp_uri := os.environ.get("AMQP_URI"):
        api = os.environ.get("UNIONHALL_BROKER_API")
        if api is None:
            raise PlatformError("AMQP_URI is set, so UNIONHALL_BROKER_API must name its management address.")
        return GivenBroker(amqp_uri, api)
    if scripts := find_scripts():
        return PrivateNode(directory, processes, scripts)
    if engine_answers():
        return ContainerBroker(directory, processes)
    if scripts := _install():
        return PrivateNode(directory, processes, scripts)
    raise NoBroker


def broker_runs(processes: Processes) -> bool:
    """Whether there is a broker to speak to: a given one, or one of our own that runs; starts and makes nothing."""
    return "AMQP_URI" in os.environ or processes.record(OwnBroker.process) is not None


def _install() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_services_started():
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "rabbitmq-server"]):
            subprocess.run(["apt-get", "--quiet", *arguments], env=environment, capture_output=True, check=False)
    return find_scripts()


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Install a package without starting the system's own node of it."""
    if SERVICE_POLICY.exists():
        yield
        return
    SERVICE_POLICY.write_text("#!/bin/sh\nexit 101\n")
    SERVICE_POLICY.chmod(0o755)
    try:
        yield
    finally:
        SERVICE_POLICY.unlink()
