"""A service's event log as tests write, publish and read it, without a broker."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from chassis import history
from chassis import outbox as writing
from chassis.outbox_log import mark, pending
from chassis.tables import feed, generation, inbox, outbox
from chassis.work import Recorded
from contracts.membership.organisation import UnionFounded
from tests.chassis.books import Books
from tests.chassis.samples import union_founded


def clear(books: Books) -> None:
    """Begin with an empty log and inbox."""
    with books.database.writer.begin() as connection:
        for table in (outbox, inbox, generation):
            connection.execute(delete(table))
        connection.execute(update(feed).values(position=0))
        connection.execute(insert(generation).values(number=1, state="current"))


def record(books: Books, *events: Recorded) -> None:
    with Session(books.database.writer) as session:
        writing.record(session, events)
        session.commit()


def event(sequence: int = 1, aggregate: UUID | None = None) -> Recorded:
    aggregate = aggregate or uuid4()
    body = union_founded("Mill", sequence, union_id=str(aggregate))
    return Recorded(body["id"], UnionFounded.event_type.type, aggregate, sequence, body)


def publish(books: Books, limit: int = 1000) -> list[str]:
    """Mark what waits, as a relay does after the confirms; gives the ids."""
    rows = pending(books.database.reader, [], limit)
    if rows:
        with books.database.writer.begin() as connection:
            driver: Any = connection.connection
            with driver.cursor() as cursor:
                mark(cursor, rows)
    return [row.event_id for row in rows]


def ids(events: Sequence[Recorded]) -> list[str]:
    return [one.event_id for one in events]


def read(books: Books, after: int = 0, limit: int = 1000) -> list[str]:
    """Ids of a page of history, as it goes over the wire."""
    page = orjson.loads(orjson.dumps(history.page(books.database, after, limit)))
    return [one["id"] for one in page["events"]]
