"""Events that wait in reporting's queue become facts: validated, entered, written, committed, acknowledged."""

from collections.abc import Sequence

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from benchmarks import outbox, product
from benchmarks.harness import Backing
from benchmarks.product import Product
from benchmarks.results import Floor, Result, Sample, repeat

#: Events that one reporting process must make facts of in a second.
FACTS = 10_000

_HANDLED = "SELECT count(*), extract(epoch FROM max(received_at) - min(received_at)) FROM inbox WHERE generation > 0"


def run(backing: Backing) -> Sequence[Result]:
    """Let one process drain a full queue."""
    ours = product.prepare(backing)
    return [Floor("facts from a waiting queue", "events/s", repeat(lambda: _drain(ours)), FACTS)]


def _drain(ours: Product) -> Sample:
    ours.platform.stop_process("reporting.1")
    ours.platform.broker.api.delete("queues", ours.platform.broker.vhost, "evt.reporting", "contents")
    with ours.sql("reporting") as cursor:
        cursor.execute("TRUNCATE fact_attendance, inbox")
        filled = outbox.fill(ours)
        outbox.published(ours, filled)
        ours.platform.start_process("reporting.1")

        def handled() -> tuple[int, float]:
            cursor.execute(_HANDLED)
            count, seconds = cursor.fetchone()
            return int(count), float(seconds or 0)

        patient = Retrying(
            retry=retry_if_result(lambda found: found[0] < filled.count),
            stop=stop_after_delay(outbox.PATIENCE),
            wait=wait_fixed(0.2),
        )
        count, seconds = patient(handled)
    return Sample(rate=count / seconds)
