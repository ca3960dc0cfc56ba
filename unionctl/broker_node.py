"""Runs a private RabbitMQ node from an installed rabbitmq-server, apart from every node that already runs."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from unionctl.broker import ADMIN, VHOST, OwnBroker
from unionctl.directory import RunDirectory, write_private
from unionctl.errors import PlatformError
from unionctl.processes import Processes, Spec

#: Where Debian keeps the scripts; those of the same name in /usr/sbin switch user and use the system's node.
DEBIAN_SCRIPTS = Path("/usr/lib/rabbitmq/bin")
#: Process of our own port mapper: a shared one would outlive the node or belong to another.
EPMD = "epmd"
#: Ports a node listens on.
PORTS = ("amqp", "management", "prometheus", "erlang", EPMD)

CONFIGURATION = """\
listeners.tcp.default = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {prometheus}
default_vhost = {vhost}
default_user = {admin}
default_pass = {password}
"""


def find_scripts() -> Path | None:
    """Directory of `rabbitmq-server` and `rabbitmqctl`, or None if RabbitMQ isn't installed."""
    if (DEBIAN_SCRIPTS / "rabbitmq-server").exists():
        return DEBIAN_SCRIPTS
    found = shutil.which("rabbitmq-server")
    return Path(found).resolve().parent if found else None


class PrivateNode(OwnBroker):
    """A node with its own name, ports, cookie, data and port mapper, all under the run directory."""

    def __init__(self, directory: RunDirectory, processes: Processes, scripts: Path) -> None:
        super().__init__(directory)
        self.processes = processes
        self.scripts = scripts
        self.home = directory.data(self.process)

    def start(self) -> None:
        """Start the port mapper and the node; what runs already is left alone."""
        if self.processes.record(self.process) is None:
            self._write_files()
        self.processes.start(Spec(EPMD, (_epmd(), "-port", str(self.directory.port(EPMD))), self._environment()))
        self.processes.start(
            Spec(self.process, (str(self.scripts / "rabbitmq-server"),), self._environment(), grace=60)
        )
        self.await_listener()

    def stop(self) -> None:
        """Stop the whole node, its port mapper last."""
        if self.processes.record(self.process):
            self.thaw()
        self.processes.stop(self.process)
        self.processes.stop(EPMD)

    def freeze(self) -> None:
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def ctl(self, *arguments: str) -> str:
        command = [str(self.scripts / "rabbitmqctl"), "--quiet", *arguments]
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise PlatformError(f"rabbitmqctl {' '.join(arguments)} failed: {done.stderr.strip()}")
        return done.stdout

    def _signal_all(self, signum: int) -> None:
        for process in self.processes.tree(self.process):
            process.send_signal(signum)

    def _write_files(self) -> None:
        for name in PORTS:
            self.directory.renew_port_if_taken(name)
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        ports = {name: self.directory.port(name) for name in PORTS}
        password = self.directory.password("broker_admin")
        write_private(
            self.home / "rabbitmq.conf",
            CONFIGURATION.format(**ports, vhost=VHOST, admin=ADMIN, password=password),
        )
        write_private(self.home / "enabled_plugins", "[rabbitmq_management,rabbitmq_prometheus].\n")
        write_private(self.home / "environment.conf", "")
        cookie = self.home / ".erlang.cookie"
        if not cookie.exists():
            write_private(cookie, secrets.token_hex(20))
            cookie.chmod(0o400)

    def _environment(self) -> dict[str, str]:
        home = str(self.home)
        return {
            "HOME": home,
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "ERL_EPMD_ADDRESS": self.host,
            "ERL_EPMD_PORT": str(self.directory.port(EPMD)),
            "RABBITMQ_NODENAME": "unionhall@localhost",
            "RABBITMQ_DIST_PORT": str(self.directory.port("erlang")),
            "RABBITMQ_CONF_ENV_FILE": f"{home}/environment.conf",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none",
        }


def _epmd() -> str:
    epmd = shutil.which("epmd") or next(map(str, Path("/usr/lib/erlang").glob("erts-*/bin/epmd")), None)
    if epmd is None:
        raise PlatformError("RabbitMQ is installed but Erlang's port mapper epmd is not on the PATH.")
    return epmd
