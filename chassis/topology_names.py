"""Names the broker's objects once, for those who declare them and those who use them."""

from collections.abc import Mapping
from types import MappingProxyType

#: Topic exchange of RPC requests; nameko's own name for it.
RPC_EXCHANGE = "nameko-rpc"
#: Direct exchange of what can't be handled; the routing key is the service's name.
DEAD_EXCHANGE = "dead"
#: Key on the dead exchange for what not even the drain of a `dead.` queue survived.
PARKED = "parked"
#: The retry ladder: each fanout exchange `retry.<step>` keeps a message this long (ms) and then sends it home.
RETRY_STEPS: Mapping[str, int] = MappingProxyType(
    {"1s": 1_000, "10s": 10_000, "1m": 60_000, "10m": 600_000, "1h": 3_600_000}
)
#: Deliveries after which the broker gives a message up: the end of a crash loop, as each lost link counts one.
DELIVERY_LIMIT = 200


def events_exchange(service: str) -> str:
    """Topic exchange on which a service publishes what happened."""
    return f"{service}.events"


def event_queue(service: str) -> str:
    """Quorum queue from which a service takes the events it subscribes to."""
    return f"evt.{service}"


def dead_queue(service: str) -> str:
    """Quorum queue of a service's dead letters."""
    return f"dead.{service}"


def call_queue(service: str) -> str:
    """Queue of a service's RPC requests; the service declares it, and it dies with its last consumer."""
    return f"call.{service}"


def retry_exchange(step: str) -> str:
    """Fanout exchange of one step of the ladder; publish with the queue to come home to as routing key."""
    return f"retry.{step}"
