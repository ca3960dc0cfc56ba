"""The engine for units of work: a transaction begins with its first statement and ends with its last."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.database import Database, is_outage

_OPEN = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE relation = 'trip'::regclass AND pid <> pg_backend_pid()")
_INSERT = text("INSERT INTO trip (id) VALUES (:id)")
_LAST = text("INSERT INTO trip (id) VALUES (:id); COMMIT")


@pytest.fixture
def database(toy_url: str) -> Iterator[Database]:
    database = Database(toy_url)
    with database.writer.begin() as connection:
        connection.execute(text("CREATE TABLE trip (id integer PRIMARY KEY)"))
    yield database
    with database.writer.begin() as connection:
        connection.execute(text("DROP TABLE trip"))
    database.dispose()


def kept(database: Database) -> list[int]:
    with database.reader.connect() as connection:
        return list(connection.scalars(text("SELECT id FROM trip ORDER BY id")))


def left_open(database: Database) -> int:
    with database.reader.connect() as connection:
        return connection.scalar(_OPEN) or 0


def test_nothing_of_a_unit_of_work_is_seen_before_its_commit(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
        session.execute(_INSERT, {"id": 2})
        assert kept(database) == []
        session.commit()
    assert kept(database) == [1, 2]


def test_many_rows_at_once_are_one_transaction(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, [{"id": 1}, {"id": 2}])
        assert kept(database) == []
    assert kept(database) == []
    assert left_open(database) == 0


def test_a_unit_of_work_that_is_left_takes_everything_back_and_frees_its_connection(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
    assert kept(database) == []
    assert left_open(database) == 0


def test_a_refused_statement_takes_back_what_came_before_it(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
        with pytest.raises(DBAPIError):
            session.execute(_INSERT, {"id": 1})
    assert kept(database) == []
    assert left_open(database) == 0


def test_the_last_statement_brings_the_commit_with_it(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
        session.connection().execute(_LAST, {"id": 2})
        assert kept(database) == [1, 2]
        session.commit()
    assert left_open(database) == 0


def test_a_last_statement_that_is_refused_commits_nothing(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
        with pytest.raises(DBAPIError):
            session.connection().execute(_LAST, {"id": 1})
    assert kept(database) == []
    assert left_open(database) == 0


def test_after_a_commit_the_next_statement_begins_anew(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
        session.commit()
        session.execute(_INSERT, {"id": 2})
    assert kept(database) == [1]


def test_a_savepoint_takes_back_only_what_came_after_it(database: Database) -> None:
    with Session(database.writer) as session:
        savepoint = session.begin_nested()
        session.execute(_INSERT, {"id": 1})
        savepoint.rollback()
        session.execute(_INSERT, {"id": 2})
        session.commit()
    assert kept(database) == [2]
    assert left_open(database) == 0


def test_a_connection_that_the_server_ended_is_not_given_out_again(database: Database) -> None:
    with pytest.raises(DBAPIError), Session(database.writer) as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with Session(database.writer) as session:
        session.execute(_INSERT, {"id": 1})
        session.commit()
    assert kept(database) == [1]


class Strange:
    """A value that no driver knows."""


def test_a_value_that_the_driver_does_not_take_is_a_bug_and_no_outage(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised, Session(database.writer) as session:
        session.execute(_INSERT, {"id": Strange()})

    assert not is_outage(raised.value)
