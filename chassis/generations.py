"""Opens, switches and drops generations of projection tables, so that a rebuild never stops a reader."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from chassis.database import Database
from chassis.tables import generation, inbox

#: Rows deleted in one transaction when a generation is dropped.
CHUNK = 10_000
#: Comparing two inboxes takes longer than a statement of a command may; the operator waits for a minute.
_PATIENTLY = text("SET LOCAL statement_timeout = '55s'")
#: Event ids given back at most when a switch loses some.
MOST_LISTED = 1000

_ALL = select(generation.c.number).order_by(generation.c.number)


class NoSuchGeneration(Exception):
    """The generation does not exist or is not in the state that this step needs."""


def current() -> Select[int]:
    """A query for the generation that readers use."""
    return select(generation.c.number).where(generation.c.state == "current")


def hold(connection: Connection) -> int:
    """The generation that readers use, and go on using until the transaction ends: a switch waits for it."""
    # whoever waits for the current row alone finds it retired by the switch: all are locked first, and then looked at
    connection.execute(_ALL.with_for_update(read=True))
    return connection.scalars(current()).one()


def open_next(database: Database, state: str) -> int:
    """Open a generation: `building` is fed by live batches too, `verifying` only by pages of history.

    It takes the place of one that was begun the same way and not finished.
    """
    with database.writer.begin() as connection:
        _lock(connection)
        connection.execute(update(generation).where(generation.c.state == state).values(state="retired"))
        # numbers never come back: rows of a dropped generation may still be on their way out
        number = (connection.scalar(select(func.max(generation.c.number))) or 0) + 1
        connection.execute(insert(generation).values(number=number, state=state))
    return number


def missing(database: Database, number: int) -> tuple[int, list[str]]:
    """How many events the current generation holds that this one does not, and the first of their ids."""
    with database.writer.begin() as connection:
        connection.execute(_PATIENTLY)
        here = current().scalar_subquery()
        new = inbox.alias("new")
        known = select(new.c.event_id).where(new.c.generation == number, new.c.event_id == inbox.c.event_id)
        lost = select(inbox.c.event_id).where(inbox.c.generation == here, ~known.exists())
        count = connection.scalar(select(func.count()).select_from(lost.subquery())) or 0
        rows: list[UUID] = list(connection.scalars(lost.order_by(inbox.c.event_id).limit(MOST_LISTED)))
    return count, [str(event_id) for event_id in rows]


def switch(database: Database, number: int) -> None:
    """Make a building generation current in one transaction, and retire the one before.

    Raises NoSuchGeneration.
    """
    with database.writer.begin() as connection:
        _lock(connection)
        connection.execute(update(generation).where(generation.c.state == "current").values(state="retired"))
        moved = connection.execute(
            update(generation)
            .where(generation.c.number == number, generation.c.state == "building")
            .values(state="current")
        )
        if moved.rowcount != 1:
            raise NoSuchGeneration


def abandon(database: Database, number: int) -> None:
    """Close a generation that will not be switched to."""
    with database.writer.begin() as connection:
        _lock(connection)
        mine = (generation.c.number == number, generation.c.state != "current")
        connection.execute(update(generation).where(*mine).values(state="retired"))


def drop(database: Database, tables: Sequence[Table]) -> int:
    """Delete up to CHUNK rows of each table of generations that nobody reads; gives how many went."""
    retired = select(generation.c.number).where(generation.c.state == "retired")
    gone = 0
    for table in tables:
        row: ColumnElement[str] = literal_column("ctid")
        some = select(row).select_from(table).where(table.c.generation.in_(retired)).limit(CHUNK)
        with database.writer.begin() as connection:
            gone += connection.execute(delete(table).where(row.in_(some))).rowcount
    return gone


def generational(*schemas: MetaData) -> list[Table]:
    """The tables whose rows belong to a generation."""
    tables = (table for schema in schemas for table in schema.sorted_tables)
    return [table for table in tables if "generation" in table.c]


def _lock(connection: Connection) -> None:
    """Wait for the batches at work, which hold these rows shared, and make new ones wait."""
    connection.execute(_ALL.with_for_update())
