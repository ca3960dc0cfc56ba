"""Writes many rows by one statement of a fixed length: one JSON text in place of a value list that grows with the rows.

psycopg2 adapts each value of an array by itself, which takes ten times as long as orjson takes for the same values.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import orjson
from sqlalchemy import JSON, Connection, FromClause, Table, Text, TypeDecorator, bindparam, column, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import insert


def insert_rows(connection: Connection, into: FromClause, rows: Sequence[Mapping[str, Any]], **conflict: Any) -> int:
    """Insert rows that all name the same columns; gives how many were inserted.

    With a `conflict`, as `on_conflict_do_nothing` takes it, rows that are there already are left out.
    """
    if not rows:
        return 0
    # what mappers give as `__table__` is a table
    table, names = cast(Table, into), tuple(rows[0])
    typed = (column(name, table.c[name].type) for name in names)
    given = func.json_to_recordset(as_type(bindparam("rows", type_=Text), JSON)).table_valued(*typed)
    statement = insert(table).from_select(names, select(given.render_derived(with_types=True)), include_defaults=False)
    if conflict:
        statement = statement.on_conflict_do_nothing(**conflict)
    values = {"rows": _json(connection, table, rows)}
    return connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount


def _json(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows, with each value as PostgreSQL reads it from JSON; a column with a type of its own has the last word."""
    decorated: dict[str, Callable[[Any, Any], Any]] = {
        name: kind.process_bind_param for name in rows[0] if isinstance(kind := table.c[name].type, TypeDecorator)
    }
    if decorated:
        dialect = connection.dialect
        rows = [{**row, **{name: bind(row[name], dialect) for name, bind in decorated.items()}} for row in rows]
    return orjson.dumps(rows, default=_as_text).decode()


def _as_text(value: Any) -> str:
    """Bytes in the form in which `bytea` is read."""
    if isinstance(value, bytes):
        return rf"\x{value.hex()}"
    raise TypeError(f"a {type(value).__name__} is not written as a row's value")
