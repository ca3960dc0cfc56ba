"""Processes of a service share one clock of the law: what is due is done once, and outlives them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert

from chassis import clock
from chassis.dues import ONE_DAY
from chassis.tables import due
from contracts.events.activities import DraftActivity
from tests.chassis.books import Books
from tests.chassis.programs import Asker, Toys
from tests.chassis.samples import draft_of
from tests.chassis.toy_tables import CLOCK, effect
from tests.chassis.waiting import eventually

DRAFT = DraftActivity.operation
#: A business day on which something falls due.
DAY = date(2024, 3, 1)
#: Orders and locks of each test.
NUMBERS = iter(range(650_000, 651_000))


@pytest.fixture
def business(books: Books) -> Iterator[None]:
    """The day before; afterwards machine time again, and nothing due."""
    move(books, DAY - ONE_DAY)
    yield
    move(books, None)
    with books.database.writer.begin() as connection:
        connection.execute(delete(due))


def move(books: Books, day: date | None) -> None:
    with books.database.writer.begin() as connection:
        clock.move(connection, day)


def plant(books: Books, *titles: str) -> Sequence[UUID]:
    """Titles that fall due on the day, as if each had been drafted before."""
    planted = [uuid4() for _ in titles]
    with books.database.writer.begin() as connection:
        for activity, title in zip(planted, titles, strict=True):
            connection.execute(insert(effect).values(of=activity, text=title))
            connection.execute(insert(due).values(clock=CLOCK, aggregate_id=activity, due_on=DAY))
    return planted


def test_what_a_killed_process_had_in_hand_is_done_once_by_another(toys: Toys, asker: Asker, books: Books) -> None:
    number = next(NUMBERS)
    title = f"due wait {number}"
    toy = toys.start()
    with books.held(number) as lock:
        asker(DRAFT, draft_of(title))
        eventually(lambda: lock.keeps(1), "nothing falls due")
        toy.kill()
    assert books.effects_called(f"done: {title}") == 0

    toys.start()

    eventually(lambda: books.effects_called(f"done: {title}"), "what was due is forgotten")
    assert books.effects_called(f"done: {title}") == 1
    assert books.scalar("SELECT count(*) FROM due") == 0


@pytest.mark.usefixtures("business")
def test_a_moved_clock_has_all_that_is_due_done_once_before_the_service_is_settled(
    toys: Toys, books: Books, operate: Callable[..., Any]
) -> None:
    for toy in (toys.launch(), toys.launch()):
        toy.await_ready()
    planted = plant(books, *(f"due {number}" for number in range(40)))
    assert operate("events.next_due", after=str(DAY - ONE_DAY)) == str(DAY)
    assert operate("events.next_due", after=str(DAY)) is None
    assert operate("events.set_clock", day=str(DAY - ONE_DAY)) is False

    assert operate("events.set_clock", day=str(DAY)) is True

    eventually(lambda: operate("events.is_settled"), "the service does not settle")
    assert [books.effects(activity) for activity in planted] == [2] * len(planted)
    assert operate("events.failed_dues") == 0


@pytest.mark.usefixtures("business")
def test_what_fails_is_told_and_keeps_no_move_of_the_clock_waiting(
    toys: Toys, books: Books, operate: Callable[..., Any]
) -> None:
    toy = toys.start()
    title = f"due fail {uuid4()}"
    [sick] = plant(books, title)

    operate("events.set_clock", day=str(DAY))

    eventually(lambda: operate("events.is_settled"), "the service does not settle")
    assert (operate("events.failed_dues"), books.effects(sick)) == (1, 1)
    assert toy.metric("unionhall_failed_dues") == 1
    assert toy.metric("unionhall_fell_due_total", clock=CLOCK, outcome="failed") >= 1
    assert "due_failed" in toy.events()
    assert str(sick) in toy.log()

    books.cure(title.removeprefix("due "))

    eventually(lambda: operate("events.failed_dues") == 0, "what failed is not tried again")
    assert books.effects(sick) == 2
