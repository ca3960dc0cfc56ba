"""A job is one process's at a time, and what it leaves behind depends on how it ended."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from chassis import jobs
from chassis.tables import job
from tests.chassis.books import Books

#: Seconds that a holder's session may be silent.
SILENCE = 30


@pytest.fixture
def queued(books: Books) -> Iterator[UUID]:
    """A job that waits, the only one."""
    job_id = uuid4()
    row = {"id": job_id, "kind": "toy", "state": "queued", "actor": "nobody", "request": {}}
    with books.database.writer.begin() as connection:
        connection.execute(insert(job).values(row))
    yield job_id
    with books.database.writer.begin() as connection:
        connection.execute(job.delete().where(job.c.id == job_id))


def claimed(books: Books, holder: str) -> UUID | None:
    """The job that a claim in a transaction of its own gives, if any."""
    with books.database.writer.begin() as connection:
        row = jobs.claim(connection, holder)
    return None if row is None else row.id


def test_a_job_is_taken_once_while_its_holder_lives_and_again_when_it_is_gone(books: Books, queued: UUID) -> None:
    holder = f"holder {uuid4()}"
    with books.database.session(holder, SILENCE):
        assert [claimed(books, holder), claimed(books, "another")] == [queued, None]
    with books.database.writer.begin() as connection:
        connection.execute(job.update().where(job.c.id == queued).values(holder="nobody that lives"))

    assert claimed(books, "another") == queued


def test_a_job_taken_since_the_sessions_were_listed_is_not_taken_for_left_behind(books: Books, queued: UUID) -> None:
    holder = f"holder {uuid4()}"
    with books.database.writer.begin() as late:
        late.execute(text("SELECT application_name FROM pg_stat_activity"))
        with books.database.session(holder, SILENCE):
            assert claimed(books, holder) == queued
            assert jobs.claim(late, "too late") is None
