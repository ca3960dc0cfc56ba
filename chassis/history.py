"""Reads a service's event log in the order of its feed, for rebuilds and for outside feeds."""

from typing import Any

import orjson
from sqlalchemy import text

from chassis.database import Database

#: Events in a page at most.
LARGEST_PAGE = 1000

_PAGE = text(
    """
    SELECT feed_position, body::text FROM outbox WHERE feed_position > :after ORDER BY feed_position LIMIT :limit
    """
)
_LAST = text("SELECT position FROM feed")
_PENDING = text("SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1")
_RECORDED = text("SELECT coalesce(max(position), 0) FROM outbox")
_UNNUMBERED = text("SELECT 1 FROM outbox WHERE published_at IS NULL AND position <= :position LIMIT 1")


def page(database: Database, after: int, limit: int) -> dict[str, Any]:
    """Events after a feed position, whole, and the position of the last one (`after` itself if there is none)."""
    with database.reader.connect() as connection:
        rows = connection.execute(_PAGE, {"after": after, "limit": min(limit, LARGEST_PAGE)}).all()
    # the bodies pass through as text: the owner need not read its own log
    return {"events": [orjson.Fragment(row.body) for row in rows], "last": rows[-1].feed_position if rows else after}


def recorded(database: Database) -> int:
    """The outbox position up to which everything committed so far lies."""
    with database.reader.connect() as connection:
        return int(connection.scalar(_RECORDED))


def published(database: Database) -> bool:
    """Whether no event waits for the relay."""
    with database.reader.connect() as connection:
        return connection.execute(_PENDING).first() is None


def end(database: Database, position: int) -> int | None:
    """The last feed position, once all events up to an outbox position are numbered; None until then.

    An event may be delivered before it is numbered, so a rebuild waits for this before it knows how far to read.
    """
    with database.reader.connect() as connection:
        if connection.execute(_UNNUMBERED, {"position": position}).first() is not None:
            return None
        return int(connection.scalar(_LAST))
