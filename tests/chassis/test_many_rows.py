"""Rows by the thousand go in by one statement, with each value as its column's type takes it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    select,
)

from chassis.columns import Sealed, seal
from chassis.database import Database
from chassis.keystore import PersonKey
from chassis.many_rows import insert_rows

TABLE = Table(
    "crate",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("text", Text, unique=True),
    Column("day", Date),
    Column("flag", Boolean),
    Column("sealed", Sealed),
    Column("digest", LargeBinary),
    Column("moment", DateTime(timezone=True)),
    Column("ids", ARRAY(Uuid)),
    Column("words", JSON),
    Column("unnamed", Text, server_default="as the table says"),
)
KEY = PersonKey(uuid4(), b"k" * 16, b"s" * 16)


@pytest.fixture
def database(toy_url: str) -> Iterator[Database]:
    database = Database(toy_url)
    TABLE.create(database.writer)
    yield database
    TABLE.drop(database.writer)
    database.dispose()


def row(text: str | None, **values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("day", "flag", "sealed", "digest", "moment", "ids", "words"))
    return {"id": uuid4(), "text": text, **empty, **values}


def inserted(database: Database, rows: list[dict[str, Any]], **conflict: Any) -> int:
    with database.writer.begin() as connection:
        return insert_rows(connection, TABLE, rows, **conflict)


def stored(database: Database) -> list[Any]:
    with database.reader.connect() as connection:
        return list(connection.execute(select(TABLE).order_by(TABLE.c.text)))


def test_every_value_is_stored_as_its_column_has_it(database: Database) -> None:
    plain = {
        "day": date(2023, 9, 30),
        "flag": True,
        "digest": b"\x00\xff\\x",
        "moment": datetime(2023, 9, 30, 8, 15, tzinfo=UTC),
        "ids": [uuid4(), uuid4()],
        "words": {"zh": '{"林"}'},
    }
    full, empty = row("a'{\\\"}", **plain), row(None)
    full["sealed"] = seal(KEY, TABLE.c.sealed, full["id"], "林小满")

    assert inserted(database, [full, empty]) == 2

    first, second = stored(database)
    told = first._asdict()
    assert {name: told[name] for name in plain} == plain
    assert (first.id, first.text) == (full["id"], "a'{\\\"}")
    assert first.sealed.open(KEY, TABLE.c.sealed, first.id).reveal() == "林小满"
    assert first.unnamed == "as the table says"
    assert set(second[1:-1]) == {None}


@pytest.mark.parametrize("column", ["sealed", "text"])
def test_a_value_that_a_column_does_not_take_is_refused_and_not_shown(database: Database, column: str) -> None:
    secret = "林小满" if column == "sealed" else seal(KEY, TABLE.c.sealed, uuid4(), "林小满")

    with pytest.raises(TypeError) as refused:
        inserted(database, [row("a") | {column: secret}])

    assert "林小满" not in str(refused.value)
    assert stored(database) == []


def test_who_is_there_already_is_left_out_and_not_counted(database: Database) -> None:
    inserted(database, [row("a", flag=True)])

    assert inserted(database, [row("a"), row("b")], index_elements=[TABLE.c.text]) == 1
    assert [(each.text, each.flag) for each in stored(database)] == [("a", True), ("b", None)]


def test_no_rows_are_no_statement(database: Database) -> None:
    assert inserted(database, []) == 0
