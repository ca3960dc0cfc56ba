"""A write through HTTP, RPC and PostgreSQL: ours keyed, checked and recorded, the peer's commit-then-dispatch."""

from collections.abc import Sequence

from benchmarks import peer, product, wrk
from benchmarks.harness import Backing
from benchmarks.results import Comparison, Result, alternate


def run(backing: Backing) -> Sequence[Result]:
    """Draft activities, each under a key of its own."""
    ours = product.prepare(backing)
    with peer.running(backing) as stock:
        theirs, own = alternate(
            lambda: wrk.warm_and_load(stock.write_url, body=peer.ACTIVITY),
            lambda: wrk.warm_and_load(ours.write_url, body=ours.draft, headers=ours.headers),
        )
    return [Comparison("write through RPC and PostgreSQL", "requests/s", theirs, own, at_least=1.8)]
