"""Fills the outbox of events with attendances as one big activity would, without going through commands."""

from dataclasses import dataclass
from datetime import datetime

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from benchmarks.product import Product

#: Events of one measurement.
EVENTS = 20_000
#: Seconds that publishing or handling them may take.
PATIENCE = 60

# NOTIFY goes out with the commit, as a command's wake-up does after its own
_FILL = """
    INSERT INTO outbox (event_id, event_type, aggregate_id, sequence, body)
    SELECT id, 'cn.unionhall.events.activity_attended.v1', activity, number, json_build_object(
        'specversion', '1.0', 'id', id, 'source', 'urn:unionhall:events',
        'type', 'cn.unionhall.events.activity_attended.v1', 'subject', activity,
        'time', '2023-05-01T10:00:00.000000+08:00', 'datacontenttype', 'application/json',
        'dataschema', 'urn:unionhall:schema:events.activity_attended:v1',
        'sequence', lpad(number::text, 12, '0'), 'partitionkey', activity,
        'orgid', %(org)s::text, 'regioncode', '330199', 'recordedtime', '2023-05-01T10:00:00.000000+08:00',
        'dataclassification', 'pseudonymous',
        'data', json_build_object(
            'activity_id', activity, 'session_no', 1, 'kind', 'study',
            'subject_key', encode(sha256(number::text::bytea), 'hex'), 'worker_category', '13',
            'union_id', %(org)s::text, 'on', '2023-05-01'))
    FROM (SELECT gen_random_uuid() AS activity) AS one,
         LATERAL (SELECT gen_random_uuid() AS id, number FROM generate_series(1, %(count)s) AS number
                  WHERE activity IS NOT NULL) AS many
"""


@dataclass(frozen=True)
class Filled:
    """Events that wait to be published, and when they became visible."""

    after: int
    count: int
    at: datetime


def fill(product: Product, count: int = EVENTS) -> Filled:
    """Record events in one transaction and wake the relay."""
    with product.sql("events") as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM outbox")
        after = int(cursor.fetchone()[0])
        cursor.execute("BEGIN")
        cursor.execute(_FILL, {"org": product.federation_id, "count": count})
        cursor.execute("NOTIFY outbox")
        cursor.execute("COMMIT")
        cursor.execute("SELECT clock_timestamp()")
        return Filled(after, count, cursor.fetchone()[0])


def published(product: Product, filled: Filled) -> float:
    """Wait until the relay has marked all of them; gives the seconds that it took."""
    with product.sql("events") as cursor:

        def marked() -> tuple[int, datetime]:
            cursor.execute(
                "SELECT count(*), max(published_at) FROM outbox WHERE position > %s AND published_at IS NOT NULL",
                (filled.after,),
            )
            found: tuple[int, datetime] = cursor.fetchone()
            return found

        patient = Retrying(
            retry=retry_if_result(lambda found: found[0] < filled.count),
            stop=stop_after_delay(PATIENCE),
            wait=wait_fixed(0.2),
        )
        return (patient(marked)[1] - filled.at).total_seconds()
