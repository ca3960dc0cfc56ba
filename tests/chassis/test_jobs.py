"""A job is one process's at a time, and what it leaves behind depends on how it ended."""

import secrets
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import eventlet
import pytest
from sqlalchemy import insert, select, text

from chassis import files, jobs, tree
from chassis.actor import Actor
from chassis.errors import Refused
from chassis.job_runner import JobRunner
from chassis.tables import job, outbox
from contracts.membership.organisation import UnionFounded
from tests.chassis.books import Books
from tests.chassis.toy_tables import effect

#: Wraps the keys of files.
FILE_KEY = secrets.token_bytes(16)
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
        files.discard(connection, job_id)
        connection.execute(job.delete().where(job.c.id == job_id))


@pytest.fixture
def run(books: Books, queued: UUID, monkeypatch: pytest.MonkeyPatch) -> Callable[[jobs.Function], str]:
    """Runs the job with a function, as a process does, until it has ended; gives the state in which it did."""

    def run_to_its_end(function: jobs.Function) -> str:
        monkeypatch.setitem(jobs.KINDS, "toy", function)
        runner = JobRunner(books.database, tree.projected(), FILE_KEY)
        runner.start(eventlet.spawn)
        with eventlet.Timeout(10):
            while books.scalar("SELECT ended_at FROM job WHERE id = :id", id=queued) is None:
                eventlet.sleep(0.01)
            runner.stop()
        return str(books.scalar("SELECT state FROM job WHERE id = :id", id=queued))

    return run_to_its_end


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


def taken(books: Books, job_id: UUID, committed: Callable[[], None] = lambda: None) -> jobs.Running:
    """The job as it is at work in a process that nobody sees."""
    with books.database.writer.begin() as connection:
        connection.execute(job.update().where(job.c.id == job_id).values(holder="nobody"))
    return jobs.Running(
        id=job_id,
        holder="nobody",
        request={},
        asked_by=Actor(uuid4(), ()).to_wire(),
        progress=None,
        database=books.database,
        tree=tree.projected(),
        file_key=FILE_KEY,
        ask=None,
        stopping=lambda: False,
        committed=committed,
    )


def write(running: jobs.Running, *, whole: bool = False) -> None:
    """Write a file of two pieces, or the first of them."""
    writer = files.Writer(running.held, FILE_KEY)
    writer.open(running.id, "text/csv")
    writer.write(b"," * (files.CHUNK + 1))
    if whole:
        writer.close()


def stored(books: Books, owner_id: UUID) -> int:
    """How many pieces of a job's files there are."""
    query = "SELECT count(*) FROM file_chunk JOIN file ON file.id = file_id WHERE owner_id = :id"
    return int(books.scalar(query, id=owner_id))


def is_cancelled(running: jobs.Running) -> None:
    with running.database.writer.begin() as connection:
        connection.execute(job.update().where(job.c.id == running.id).values(cancel_requested=True))
    running.report(1, None, None)


def is_refused(_running: jobs.Running) -> None:
    raise Refused("not_found")


def has_a_bug(_running: jobs.Running) -> None:
    raise LookupError


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("how", "state"), [(is_cancelled, "cancelled"), (is_refused, "failed"), (has_a_bug, "failed")])
def test_a_job_that_is_not_done_leaves_no_file(
    books: Books,
    queued: UUID,
    run: Callable[[jobs.Function], str],
    how: Callable[[jobs.Running], None],
    state: str,
    whole: bool,
) -> None:
    written = []

    def write_and_end(running: jobs.Running) -> None:
        write(running, whole=whole)
        written.append(stored(books, running.id))
        how(running)

    assert run(write_and_end) == state
    assert (written, stored(books, queued)) == ([1 + whole], 0)


def test_a_job_that_is_done_leaves_its_file(books: Books, queued: UUID, run: Callable[[jobs.Function], str]) -> None:
    assert run(lambda running: write(running, whole=True)) == "done"
    assert stored(books, queued) == 2


def test_a_process_that_lost_its_job_ends_neither_it_nor_its_files(
    books: Books, queued: UUID, run: Callable[[jobs.Function], str]
) -> None:
    holders = []

    def lose_it_at_first(running: jobs.Running) -> None:
        holders.append(running.holder)
        if len(holders) == 1:
            write(running, whole=True)
            with running.database.writer.begin() as connection:
                connection.execute(job.update().where(job.c.id == running.id).values(holder="another"))
            raise jobs.Cancelled

    assert run(lose_it_at_first) == "done"
    assert (len(set(holders)), stored(books, queued)) == (2, 2)


class Rows:
    """Rows that a job writes, one in each step, and an event with each."""

    def __init__(self, books: Books, job_id: UUID) -> None:
        self._books, self.of = books, job_id
        self.id, self.org_id, self.event_sequence, self.region_code = job_id, job_id, 0, "330110"

    def write_up_to(self, running: jobs.Running, last: int) -> None:
        """Go on after the last step that is kept."""
        for number in range((running.progress or 0) + 1, last + 1):
            with running.step(number, last, number) as work:
                work.session.execute(insert(effect).values(of=self.of, text=str(number)))
                work.publish_data(UnionFounded, self, {"union_id": str(self.of)})

    @property
    def written(self) -> list[str]:
        query = "SELECT array_agg(text ORDER BY text) FROM toy_effect WHERE of = :id"
        return self._books.scalar(query, id=self.of) or []


@pytest.fixture
def rows(books: Books, queued: UUID) -> Iterator[Rows]:
    """What the job writes; the events of it go nowhere."""
    asked_by = Actor(uuid4(), ()).to_wire()
    with books.database.writer.begin() as connection:
        connection.execute(job.update().where(job.c.id == queued).values(actor=asked_by))
    yield Rows(books, queued)
    with books.database.writer.begin() as connection:
        connection.execute(outbox.delete().where(outbox.c.aggregate_id == queued))


def test_a_job_that_dies_between_two_steps_goes_on_without_a_double(
    rows: Rows, run: Callable[[jobs.Function], str]
) -> None:
    lives = []

    def die_once(running: jobs.Running) -> None:
        lives.append(running.progress)
        if len(lives) == 1:
            rows.write_up_to(running, 2)
            raise jobs.Interrupted
        rows.write_up_to(running, 4)

    assert run(die_once) == "done"
    assert (lives, rows.written) == ([None, 2], ["1", "2", "3", "4"])


def test_a_step_that_fails_leaves_neither_rows_nor_progress(rows: Rows, run: Callable[[jobs.Function], str]) -> None:
    def fail(running: jobs.Running) -> None:
        rows.write_up_to(running, 1)
        with running.step(2, None, 2) as work:
            work.session.execute(insert(effect).values(of=rows.of, text="2"))
            raise LookupError

    assert run(fail) == "failed"
    assert rows.written == ["1"]


def after_losing_it_once(work: jobs.Function) -> jobs.Function:
    """A job that another process takes over before its first try at some work."""
    lost = []

    def lose_it_at_first(running: jobs.Running) -> object:
        if not lost:
            lost.append(running.holder)
            with running.database.writer.begin() as connection:
                connection.execute(job.update().where(job.c.id == running.id).values(holder="another"))
        return work(running)

    return lose_it_at_first


def test_a_process_that_lost_its_job_commits_no_further_step(rows: Rows, run: Callable[[jobs.Function], str]) -> None:
    assert run(after_losing_it_once(lambda running: rows.write_up_to(running, 1))) == "done"
    assert rows.written == ["1"]


def test_a_process_that_lost_its_job_leaves_the_files_to_who_has_it(
    books: Books, queued: UUID, run: Callable[[jobs.Function], str]
) -> None:
    assert run(after_losing_it_once(lambda running: write(running, whole=True))) == "done"
    assert stored(books, queued) == 2


def test_nobody_takes_a_job_over_while_a_piece_of_its_file_is_written(books: Books, queued: UUID) -> None:
    running = taken(books, queued)

    with running.held(), books.database.writer.begin() as connection:
        free = select(job.c.id).where(job.c.id == queued).with_for_update(skip_locked=True)
        assert connection.scalar(free) is None


def test_a_cancelled_job_keeps_the_step_after_which_it_heard_of_it(
    rows: Rows, run: Callable[[jobs.Function], str]
) -> None:
    def cancel_and_go_on(running: jobs.Running) -> None:
        with running.database.writer.begin() as connection:
            connection.execute(job.update().where(job.c.id == running.id).values(cancel_requested=True))
        rows.write_up_to(running, 2)

    assert run(cancel_and_go_on) == "cancelled"
    assert rows.written == ["1"]


def test_events_of_a_step_are_recorded_with_it_and_wake_the_relay(books: Books, rows: Rows) -> None:
    woken: list[None] = []
    running = taken(books, rows.of, committed=lambda: woken.append(None))

    rows.write_up_to(running, 2)

    recorded = books.scalar("SELECT count(*) FROM outbox WHERE aggregate_id = :id", id=rows.of)
    assert (recorded, len(woken)) == (2, 2)
