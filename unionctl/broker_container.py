"""Runs a private RabbitMQ in a container, where a Docker engine answers and no rabbitmq-server is installed."""

import hashlib
import os
import shutil
import subprocess

from unionctl.broker import ADMIN, VHOST, OwnBroker
from unionctl.directory import RunDirectory, write_private
from unionctl.errors import PlatformError
from unionctl.processes import Processes, Spec

#: Image of the broker; the same as in docker-compose.yml.
IMAGE = "rabbitmq:4-management"
#: Port for AMQP inside the container.
AMQP_INSIDE = 5672
#: Port of the management API inside the container.
MANAGEMENT_INSIDE = 15672


def engine_answers() -> bool:
    """Whether a Docker engine can be reached from here."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


class ContainerBroker(OwnBroker):
    """A container in the foreground of `docker run`, so that the supervisor sees it as any other process."""

    def __init__(self, directory: RunDirectory, processes: Processes) -> None:
        super().__init__(directory)
        self.processes = processes
        self.container = "unionhall-" + hashlib.sha256(str(directory.path).encode()).hexdigest()[:12]
        self.home = directory.data(self.process)

    def start(self) -> None:
        """Start the container; a running one is left alone."""
        if self.processes.record(self.process) is None:
            self.directory.renew_port_if_taken("amqp")
            self.directory.renew_port_if_taken("management")
            self.home.mkdir(parents=True, exist_ok=True)
            self._write_environment()
            subprocess.run(["docker", "rm", "--force", self.container], capture_output=True, check=False)
        self.processes.start(self._spec())
        self.await_listener()

    def stop(self) -> None:
        """Stop the container; its data stays in the run directory."""
        if self.processes.record(self.process):
            subprocess.run(["docker", "unpause", self.container], capture_output=True, check=False)
        self.processes.stop(self.process)

    def freeze(self) -> None:
        _docker("pause", self.container)

    def thaw(self) -> None:
        _docker("unpause", self.container)

    def ctl(self, *arguments: str) -> str:
        return _docker("exec", self.container, "rabbitmqctl", "--quiet", *arguments)

    def amqp_port_inside(self) -> int:
        return AMQP_INSIDE

    def _spec(self) -> Spec:
        command = (
            *("docker", "run", "--rm", "--name", self.container, "--hostname", "unionhall"),
            *("--env-file", str(self.home / "environment"), "--volume", f"{self.home}/lib:/var/lib/rabbitmq"),
            *("--publish", f"{self.host}:{self.port}:{AMQP_INSIDE}"),
            *("--publish", f"{self.host}:{self.directory.port('management')}:{MANAGEMENT_INSIDE}"),
            IMAGE,
        )
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST") if name in os.environ}
        return Spec(self.process, command, environment, grace=60)

    def _write_environment(self) -> None:
        settings = {
            "RABBITMQ_DEFAULT_VHOST": VHOST,
            "RABBITMQ_DEFAULT_USER": ADMIN,
            "RABBITMQ_DEFAULT_PASS": self.directory.password("broker_admin"),
        }
        write_private(self.home / "environment", "".join(f"{name}={value}\n" for name, value in settings.items()))


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PlatformError(f"docker {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout
