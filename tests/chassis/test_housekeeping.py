"""What time has made useless goes, and what somebody may still ask for stays."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert

from chassis import files, housekeeping
from chassis.housekeeping import JOBS_KEPT, KEYS_KEPT, Housekeeping
from chassis.tables import idempotency, job
from tests.chassis.books import Books

#: What separates a row whose time is over from one that is kept.
MOMENT = timedelta(minutes=1)


def a_job(books: Books, state: str, created: timedelta, ended: timedelta | None = None) -> UUID:
    """A job that was queued so long ago, and ended so long ago if it did."""
    row = {"id": uuid4(), "kind": "kept", "state": state, "actor": "nobody", "request": {}, "holder": "nobody"}
    now = func.clock_timestamp()
    moments = {"created_at": now - created, "ended_at": None if ended is None else now - ended}
    with books.database.writer.begin() as connection:
        connection.execute(insert(job).values(row | moments))
    return row["id"]


def is_known(books: Books, job_id: UUID) -> bool:
    return bool(books.scalar("SELECT count(*) FROM job WHERE id = :id", id=job_id))


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_an_ended_job_can_be_looked_up_for_its_time_and_is_then_forgotten(books: Books, state: str) -> None:
    long_ago = timedelta(days=365)
    kept = a_job(books, state, long_ago, JOBS_KEPT - MOMENT)
    forgotten = a_job(books, state, long_ago, JOBS_KEPT + MOMENT)

    Housekeeping(books.database).clean()

    assert (is_known(books, kept), is_known(books, forgotten)) == (True, False)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_open_job_is_never_forgotten(books: Books, state: str) -> None:
    waiting = a_job(books, state, timedelta(days=3650))
    try:
        Housekeeping(books.database).clean()

        assert is_known(books, waiting)
    finally:
        with books.database.writer.begin() as connection:
            connection.execute(job.delete().where(job.c.id == waiting))


def test_a_job_is_known_for_longer_than_its_file_and_than_the_key_that_asked_for_it() -> None:
    assert max(files.KEPT, KEYS_KEPT) < JOBS_KEPT


def test_answers_under_old_keys_are_forgotten_part_by_part(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK", 2)
    actor, ages = uuid4(), [KEYS_KEPT + MOMENT] * 5 + [KEYS_KEPT - MOMENT]
    with books.database.writer.begin() as connection:
        for number, age in enumerate(ages):
            row = {"actor_id": actor, "key": str(number), "operation": "toy.note", "digest": b""}
            connection.execute(insert(idempotency).values(recorded_at=func.clock_timestamp() - age, **row))

    Housekeeping(books.database).clean()

    left = "SELECT string_agg(key, ',') FROM idempotency WHERE actor_id = :actor"
    assert books.scalar(left, actor=actor) == "5"
