"""The relay against one stock dispatcher, both with an idle broker and nobody consuming."""

from collections.abc import Sequence

from benchmarks import outbox, peer, product
from benchmarks.harness import Backing
from benchmarks.product import Product
from benchmarks.results import Comparison, Result, Sample, alternate


def run(backing: Backing) -> Sequence[Result]:
    """Publish what one big activity leaves in the outbox."""
    ours = product.prepare(backing)
    backing.platform.stop_process("reporting.1")
    with peer.running(backing) as stock:
        stock.dispatch(200)
        _publish(ours)
        theirs, own = alternate(stock.dispatch, lambda: _publish(ours))
    backing.platform.start_process("reporting.1")
    return [Comparison("relay against one dispatcher", "events/s", theirs, own, at_least=8.0)]


def _publish(ours: Product) -> Sample:
    ours.platform.broker.api.delete("queues", ours.platform.broker.vhost, "evt.reporting", "contents")
    filled = outbox.fill(ours)
    return Sample(rate=filled.count / outbox.published(ours, filled))
