"""Says what each user may do on the broker (ADR 0004, 0005)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.topology_names import (
    DEAD_EXCHANGE,
    RPC_EXCHANGE,
    call_queue,
    dead_queue,
    event_queue,
    events_exchange,
)

#: RabbitMQ's name for the default exchange in permissions; replies to `amq.rabbitmq.reply-to` go through it.
DEFAULT_EXCHANGE = "amq.default"
#: Routing key of a reply to nameko's own reply queues: the queue's UUID.
REPLY_KEY = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
#: Matches no name.
NOTHING = "^$"
#: nameko's own reply queues, as `nameko shell` declares them.
REPLY_QUEUES = r"^rpc\.reply-"
#: Any step of the retry ladder.
RETRY_EXCHANGES = r"^retry\."


@dataclass(frozen=True)
class User:
    """A broker user's rights as regular expressions; the key patterns hold on the RPC exchange."""

    name: str
    configure: str
    write: str
    read: str
    #: Routing keys the user may publish with.
    write_keys: str
    #: Routing keys the user may bind a queue with.
    read_keys: str


def users(services: Sequence[str]) -> tuple[User, ...]:
    """One user for each service, and the two that send requests."""
    return (*(_service(service) for service in services), _gateway(services), _operator(services))


def _service(name: str) -> User:
    return User(
        name,
        configure=_exactly(call_queue(name)),
        write=f"{_exactly(*_own(name), call_queue(name), DEFAULT_EXCHANGE, RPC_EXCHANGE)}|{RETRY_EXCHANGES}",
        read=_exactly(event_queue(name), dead_queue(name), call_queue(name), RPC_EXCHANGE),
        write_keys=REPLY_KEY,
        read_keys=rf"^{name}\.",
    )


def _gateway(services: Sequence[str]) -> User:
    """A service that sends requests too."""
    own = _service("gateway")
    return replace(own, write_keys=f"{own.write_keys}|{_requests(services)}")


def _operator(services: Sequence[str]) -> User:
    """`unionctl` and, for whoever explores by hand, `nameko shell`."""
    objects = f"{_exactly(RPC_EXCHANGE)}|{REPLY_QUEUES}"
    return User(
        "unionctl",
        configure=objects,
        write=objects,
        read=objects,
        write_keys=_requests((*services, "gateway")),
        read_keys=REPLY_KEY,
    )


def _own(name: str) -> tuple[str, str]:
    return events_exchange(name), DEAD_EXCHANGE


def _exactly(*names: str) -> str:
    escaped = (name.replace(".", r"\.") for name in names)
    return f"^({'|'.join(escaped)})$"


def _requests(services: Sequence[str]) -> str:
    return rf"^({'|'.join(services)})\."
