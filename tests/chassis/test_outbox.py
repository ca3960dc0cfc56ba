"""The event log of a service: what is written with a change, numbered when it is published, and read as history."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import history
from chassis.actor import SYSTEM
from chassis.leadership import LOCK, Leadership, LeadershipLost
from chassis.outbox_log import mark, pending
from chassis.tree import projected
from chassis.work import Work
from contracts.membership.organisation import UnionFounded
from tests.chassis.books import Books
from tests.chassis.log import clear, event, ids, publish, read, record
from tests.chassis.samples import UNION, union_founded
from tests.chassis.waiting import eventually


@pytest.fixture(autouse=True)
def empty(books: Books) -> None:
    clear(books)


def test_an_aggregate_has_one_event_of_each_number(books: Books) -> None:
    first = event()
    record(books, first)

    with pytest.raises(IntegrityError):
        record(books, event(1, first.aggregate_id))
    with pytest.raises(IntegrityError):
        record(books, event(2, first.aggregate_id), event(2, first.aggregate_id))
    record(books, event(2, first.aggregate_id))


def test_work_numbers_the_events_of_an_aggregate(books: Books) -> None:
    aggregate = SimpleNamespace(id=uuid4(), event_sequence=4, region_code="330110", org_id=UUID(UNION))
    with Session(books.database.writer) as session:
        work = Work(session, SYSTEM, projected(), traceparent="00-1-2-01")
        data = union_founded("Mill")["data"]
        published = [work.publish_data(UnionFounded, aggregate, data) for _ in range(2)]

    assert ids(work.recorded) == published
    assert [one.sequence for one in work.recorded] == [5, 6]
    assert {one.body["traceparent"] for one in work.recorded} == {"00-1-2-01"}


def test_events_wait_in_the_order_in_which_they_were_recorded(books: Books) -> None:
    events = [event() for _ in range(5)]
    record(books, *events)

    assert [row.event_id for row in pending(books.database.reader, [], 3)] == ids(events)[:3]
    in_hand = [row.position for row in pending(books.database.reader, [], 2)]
    assert [row.event_id for row in pending(books.database.reader, in_hand, 9)] == ids(events)[2:]


def test_two_relays_cannot_number_the_same_event(books: Books) -> None:
    record(books, event())
    [row] = pending(books.database.reader, [], 1)
    publish(books)

    with books.database.writer.begin() as connection:
        driver: Any = connection.connection
        cursor = driver.cursor()
        with pytest.raises(AssertionError):
            mark(cursor, [row])


def test_history_comes_in_the_order_of_publishing_without_gaps(books: Books) -> None:
    events = [event() for _ in range(7)]
    record(books, *events)
    publish(books, 3)
    publish(books)

    whole = history.page(books.database, 0, 1000)
    assert (read(books), whole["last"]) == (ids(events), 7)
    assert read(books, after=3, limit=2) == ids(events)[3:5]
    assert history.page(books.database, 7, 10) == {"events": [], "last": 7}


def test_an_event_that_is_not_published_is_no_history_yet(books: Books) -> None:
    record(books, event())

    assert read(books) == []


def test_history_has_no_end_before_everything_recorded_is_numbered(books: Books) -> None:
    """An event may be delivered before it is numbered, and a rebuild must not stop short of it."""
    record(books, event(), event())
    recorded = history.recorded(books.database)
    publish(books, 1)
    assert history.end(books.database, recorded) is None

    publish(books)
    record(books, event())

    assert history.end(books.database, recorded) == 2


def test_an_empty_log_has_an_end(books: Books) -> None:
    assert (history.recorded(books.database), history.end(books.database, 0)) == (0, 0)


def test_a_leader_keeps_out_every_other_and_its_release_lets_one_in(toy_url: str) -> None:
    first, second = Leadership(toy_url, "toy"), Leadership(toy_url, "toy")
    assert (first.take(), second.take(), first.held, second.held) == (True, False, True, False)

    first.release()

    eventually(second.take, "the second was not let in")
    second.release()


def test_a_leader_whose_session_was_ended_leads_no_more(toy_url: str, books: Books) -> None:
    leader = Leadership(toy_url, "toy")
    leader.take()
    holder = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :low"
    assert books.scalar(holder, low=LOCK & 0xFFFFFFFF)

    with pytest.raises(LeadershipLost):
        leader.run(lambda cursor: cursor.execute("SELECT 1"))
    assert not leader.held
    assert leader.take()
    leader.release()


def test_a_leader_without_a_database_says_so() -> None:
    url = make_url("postgresql+psycopg2://nobody:x@127.0.0.1:1/nowhere").render_as_string(hide_password=False)

    with pytest.raises(psycopg2.OperationalError):
        Leadership(url, "toy").take()
