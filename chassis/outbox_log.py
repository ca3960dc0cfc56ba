"""The statements by which the relay reads, numbers and marks the outbox, and history reads it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Engine, text

from contracts import envelope, registry

_PENDING = text(
    """
    SELECT position, event_id::text, event_type, body::text FROM outbox
    WHERE published_at IS NULL AND position <> ALL (CAST(:in_hand AS bigint[]))
    ORDER BY position LIMIT :limit
    """
)
# one statement: feed positions are given in the order of publishing, without gaps
_MARK = """
    WITH last AS (UPDATE feed SET position = position + %(count)s RETURNING position - %(count)s AS base)
    UPDATE outbox SET published_at = clock_timestamp(), feed_position = last.base + marked.number,
                      unrouted = marked.unrouted
    FROM last, unnest(%(positions)s::bigint[], %(unrouted)s::boolean[]) WITH ORDINALITY
         AS marked(position, unrouted, number)
    WHERE outbox.position = marked.position AND outbox.published_at IS NULL
"""


class Row:
    """An event on its way to the broker."""

    __slots__ = ("body", "event_id", "event_type", "key", "position", "unrouted")

    def __init__(self, position: int, event_id: str, event_type: str, body: str) -> None:
        self.position, self.event_id, self.event_type = position, event_id, event_type
        self.key = _routing_key(event_type)
        self.body = body.encode()
        self.unrouted = False

    def properties(self, app_id: str) -> dict[str, Any]:
        """The message's properties: what AMQP names itself, and the envelope mirrored as headers."""
        return {
            "type": self.event_type,
            "app_id": app_id,
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "application_headers": envelope.headers(orjson.loads(self.body)),
        }


@cache
def _routing_key(event_type: str) -> str:
    return registry.events()[event_type].routing_key


def pending(engine: Engine, in_hand: Sequence[int], limit: int) -> list[Row]:
    """Unpublished events in the order in which they were recorded, but those in hand."""
    with engine.connect() as connection:
        rows = connection.execute(_PENDING, {"in_hand": list(in_hand), "limit": limit})
        return [Row(*row) for row in rows]


def mark(cursor: Any, rows: Sequence[Row]) -> None:
    """Mark events as published and number them for the feed. Raises if another relay marked one of them."""
    values = {
        "count": len(rows),
        "positions": [row.position for row in rows],
        "unrouted": [row.unrouted for row in rows],
    }
    cursor.execute(_MARK, values)
    if cursor.rowcount != len(rows):
        raise AssertionError("another relay marked the same events")
