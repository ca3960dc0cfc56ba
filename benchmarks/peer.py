"""Runs the stock peer: its database, its two processes, and what can be asked of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlalchemy import create_engine

from benchmarks import broker, harness
from benchmarks.results import Sample
from benchmarks.stock.models import Base

#: What clients post and what an event carries: some 430 bytes with the fields that the service adds.
ACTIVITY: dict[str, object] = {
    "kind": "training",
    "title": "First aid at the workplace, spring course for stewards",
    "organizer_union_id": "019d0c5e-7c3a-7d2e-9b4f-1a2b3c4d5e6f",
    "held_on": "2026-03-14",
    "starts_at": "2026-03-14T09:00:00+08:00",
    "ends_at": "2026-03-14T17:00:00+08:00",
    "quota": 40,
}

#: Events that one dispatch measurement sends: some three seconds' worth.
DISPATCHES = 5_000

#: Seconds to wait for that many.
PATIENCE = 60

_CONFIG = Path(__file__).parent / "stock" / "config.yml"


@dataclass(frozen=True)
class Peer:
    """The running peer at `url`, with one activity in its table."""

    url: str
    activity: dict[str, object]
    events: broker.Sink

    @property
    def ping_url(self) -> str:
        """HTTP and RPC, no database."""
        return f"{self.url}/ping"

    @property
    def read_url(self) -> str:
        """HTTP, RPC and one row by primary key."""
        return f"{self.url}/activities/{self.activity['id']}"

    @property
    def write_url(self) -> str:
        """HTTP, RPC, one row written and one event dispatched, for a POST of `ACTIVITY`."""
        return f"{self.url}/activities"

    def dispatch(self, count: int = DISPATCHES) -> Sample:
        """Let one greenlet dispatch `count` events of one activity, broker idle; checks that all of them arrived."""
        self.events.empty()
        answer = requests.post(f"{self.url}/dispatches/{count}", json=self.activity, timeout=PATIENCE)
        answer.raise_for_status()
        arrived = self.events.empty()
        if arrived != count:
            raise EventsLost(f"{arrived} of {count} arrived")
        return Sample(rate=count / answer.json())


class EventsLost(Exception):
    """The queue does not hold what the peer says it dispatched."""


@contextmanager
def running(backing: harness.Backing) -> Iterator[Peer]:
    """Start the peer on an empty database and a bound quorum queue; stop it and remove both on leaving."""
    address = harness.free_address()
    url = f"http://{address}"
    logs = [backing.directory / f"stock-{name}.log" for name in ("activities", "gateway")]
    with harness.database(backing, "bench_stock") as database:
        engine = create_engine(database)
        Base.metadata.create_all(engine)
        engine.dispose()
        environment = {
            "AMQP_URI": backing.amqp_uri,
            "DATABASE_URL": database.render_as_string(hide_password=False),
            "WEB_SERVER_ADDRESS": address,
        }
        try:
            with (
                harness.nameko("benchmarks.stock.activities", _CONFIG, environment, logs[0]),
                harness.nameko("benchmarks.stock.gateway", _CONFIG, environment, logs[1]),
            ):
                harness.wait_until_ready(f"{url}/ping", logs[1])
                with broker.sink(backing.amqp_uri, "stock_activities.events", "bench.stock") as events:
                    created = requests.post(f"{url}/activities", json=ACTIVITY, timeout=PATIENCE)
                    created.raise_for_status()
                    yield Peer(url, created.json(), events)
        finally:
            broker.forget(
                backing.amqp_uri, queues=("rpc-stock_activities",), exchanges=("stock_activities.events", "stock-rpc")
            )
