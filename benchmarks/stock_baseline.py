"""Proves that the peer is no straw man: below these two rates, no comparison with it counts."""

from collections.abc import Sequence

from benchmarks import peer, wrk
from benchmarks.harness import Backing
from benchmarks.results import Floor, Result, repeat

#: HTTP requests/s that a healthy stock pair answers through one RPC call without a database.
REQUESTS = 780

#: Events/s that one greenlet of a healthy stock service dispatches, one confirmed after another.
DISPATCHES = 1_100


def run(backing: Backing) -> Sequence[Result]:
    """Measure the peer's two floors."""
    with peer.running(backing) as stock:
        pings = repeat(lambda: wrk.warm_and_load(stock.ping_url))
        stock.dispatch(200)
        dispatches = repeat(stock.dispatch)
    return [
        Floor("stock HTTP to RPC, no database", "requests/s", pings, REQUESTS),
        Floor("stock EventDispatcher, one greenlet", "events/s", dispatches, DISPATCHES),
    ]
