"""Provides RabbitMQ: the broker that is given, else one of our own, whose failures tests can stage."""

from abc import ABC, abstractmethod
from urllib.parse import quote, unquote, urlsplit

from unionctl.directory import RunDirectory
from unionctl.errors import NotOurs
from unionctl.management import ManagementApi
from unionctl.processes import wait_until

#: Virtual host of a broker of our own.
VHOST = "unionhall"
#: Administrator of a broker of our own.
ADMIN = "admin"
#: Seconds a broker may take to start on a busy machine.
START_SECONDS = 90


class Broker(ABC):
    """A broker, whoever runs it."""

    scheme = "amqp"
    host: str
    vhost: str

    @property
    @abstractmethod
    def port(self) -> int:
        """Port for AMQP."""

    @property
    @abstractmethod
    def api(self) -> ManagementApi:
        """The management API, as administrator."""

    def amqp_uri(self, user: str, password: str) -> str:
        """Address for one of the broker's users."""
        credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"{self.scheme}://{credentials}@{self.host}:{self.port}/{quote(self.vhost, safe='')}"

    @property
    @abstractmethod
    def password_place(self) -> str:
        """Where the administrator's password is written."""

    @property
    def admin_uri(self) -> str:
        """Address for the administrator, who may do everything on the virtual host."""
        return self.amqp_uri(*self.api.credentials)

    def start(self) -> None:
        """See that the broker runs and answers."""
        wait_until(lambda: self.api.answers("overview"), START_SECONDS, f"The broker at {self.host} does not answer.")

    def stop(self) -> None:
        """Stop the whole broker, if it is ours."""

    def stop_app(self) -> None:
        """Stop RabbitMQ inside its Erlang node; NotOurs for a given broker, like all that follows."""
        raise NotOurs

    def start_app(self) -> None:
        """Start RabbitMQ inside its Erlang node again."""
        raise NotOurs

    def freeze(self) -> None:
        """Stop the broker's time: connections stay open and nothing answers."""
        raise NotOurs

    def thaw(self) -> None:
        """Let a frozen broker go on."""
        raise NotOurs

    def set_memory_alarm(self, on: bool) -> None:
        """Raise or clear the memory alarm, under which the broker blocks every connection that publishes."""
        raise NotOurs


class GivenBroker(Broker):
    """The broker at `AMQP_URI` (an administrator's address) with its management API at `UNIONHALL_BROKER_API`."""

    def __init__(self, amqp_uri: str, api_url: str) -> None:
        address = urlsplit(amqp_uri)
        self.scheme = address.scheme
        self.host = address.hostname or "localhost"
        self.vhost = unquote(address.path[1:]) or "/"
        self._port = address.port or (5671 if address.scheme == "amqps" else 5672)
        self._api = ManagementApi(api_url, unquote(address.username or ""), unquote(address.password or ""))

    @property
    def port(self) -> int:
        return self._port

    @property
    def api(self) -> ManagementApi:
        return self._api

    @property
    def password_place(self) -> str:
        return "AMQP_URI"


class OwnBroker(Broker):
    """A broker of our own, on loopback ports and with a generated administrator's password."""

    host = "127.0.0.1"
    vhost = VHOST
    #: Name of the broker's process.
    process = "rabbitmq"

    def __init__(self, directory: RunDirectory) -> None:
        self.directory = directory

    @property
    def port(self) -> int:
        return self.directory.port("amqp")

    @property
    def api(self) -> ManagementApi:
        port = self.directory.port("management")
        return ManagementApi(f"http://{self.host}:{port}", ADMIN, self.directory.password("broker_admin"))

    @property
    def password_place(self) -> str:
        return self.directory.password_place("broker_admin")

    @abstractmethod
    def ctl(self, *arguments: str) -> str:
        """Run `rabbitmqctl` on the node and return what it prints; PlatformError if it fails."""

    def await_listener(self) -> None:
        """Wait until the node takes AMQP connections: the last step of its start."""
        ready = ("health", "checks", "port-listener", str(self.amqp_port_inside()))
        wait_until(lambda: self.api.answers(*ready), START_SECONDS, "The broker did not start; see its log.")

    def amqp_port_inside(self) -> int:
        """The AMQP port as the node itself names it."""
        return self.port

    def stop_app(self) -> None:
        self.ctl("stop_app")

    def start_app(self) -> None:
        self.ctl("start_app")
        self.await_listener()

    def set_memory_alarm(self, on: bool) -> None:
        self.ctl("set_vm_memory_high_watermark", "0" if on else "0.4")
