"""Writes many rows by one statement of a fixed length: arrays in place of a value list that grows with the rows."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ARRAY, Connection, FromClause, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert


def insert_rows(connection: Connection, into: FromClause, rows: Sequence[Mapping[str, Any]], **conflict: Any) -> int:
    """Insert rows that all name the same columns; gives how many were inserted.

    With a `conflict`, as `on_conflict_do_nothing` takes it, rows that are there already are left out.
    """
    if not rows:
        return 0
    # what mappers give as `__table__` is a table
    table, names = cast(Table, into), tuple(rows[0])
    arrays = (bindparam(name, type_=ARRAY(table.c[name].type)) for name in names)
    given = func.unnest(*arrays).table_valued(*names).render_derived()
    statement = insert(table).from_select(names, select(given), include_defaults=False)
    if conflict:
        statement = statement.on_conflict_do_nothing(**conflict)
    values = {name: [row[name] for row in rows] for name in names}
    return connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount
