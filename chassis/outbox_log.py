"""The statements by which the relay reads, numbers and marks the outbox, and history reads it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Engine, text

from chassis.event_message import EventMessage
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

    __slots__ = ("event_id", "event_type", "key", "message", "position", "unrouted")

    def __init__(self, position: int, event_id: str, event_type: str, body: str) -> None:
        self.position, self.event_id, self.event_type = position, event_id, event_type
        self.key, app_id = _addressed(event_type)
        headers = envelope.headers(orjson.loads(body))
        self.message = EventMessage(body.encode(), event_id, event_type, app_id, headers)
        self.unrouted = False


@cache
def _addressed(event_type: str) -> tuple[str, str]:
    """Routing key and application id of an event."""
    declared = registry.events()[event_type]
    return declared.routing_key, f"unionhall.{declared.service}"


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
