"""Keeps the current state of others' aggregates: each event carries all of it, so the newest alone is enough."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import FromClause, Table
from sqlalchemy.dialects.postgresql import insert

from chassis.work import Work
from contracts.envelope import Envelope


def keep_newest(work: Work, into: FromClause, key: str, told: Sequence[str], events: Sequence[Envelope]) -> None:
    """Keep the newest state of each aggregate; an older event that comes later changes nothing.

    `into` has the columns `generation`, `sequence`, `key` for the events' subject, and those of `told`, which have the
    names of the fields of the events' data.
    """
    newest = {event.subject: event for event in sorted(events, key=lambda event: event.sequence)}
    rows = [
        {
            "generation": work.generation,
            key: event.subject,
            "sequence": event.sequence,
            **{name: event.data[name] for name in told},
        }
        for event in newest.values()
    ]
    # what mappers give as `__table__` is a table
    table = cast(Table, into)
    statement = insert(table)
    fresh = {name: statement.excluded[name] for name in ("sequence", *told)}
    work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["generation", key],
            set_=fresh,
            where=table.c.sequence < statement.excluded.sequence,
        ),
        sorted(rows, key=lambda row: str(row[key])),
    )
