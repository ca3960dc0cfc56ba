"""A read through HTTP, RPC and PostgreSQL: ours with authentication and validation, the peer's with neither."""

from collections.abc import Sequence

from benchmarks import peer, product, wrk
from benchmarks.harness import Backing
from benchmarks.results import Comparison, Result, Tail, alternate


def run(backing: Backing) -> Sequence[Result]:
    """Read one activity by its id, over and over."""
    ours = product.prepare(backing)
    url = ours.read_url()
    with peer.running(backing) as stock:
        theirs, own = alternate(
            lambda: wrk.warm_and_load(stock.read_url), lambda: wrk.warm_and_load(url, headers=ours.headers)
        )
    return [
        Comparison("read through RPC and PostgreSQL", "requests/s", theirs, own, at_least=2.0),
        Tail("slowest of a hundred reads", theirs, own, at_most=1 / 3),
    ]
