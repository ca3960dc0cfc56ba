"""What falls due is done once, on its day, whoever dies and whatever else fails."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from uuid import UUID, uuid4

import eventlet
import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from chassis import clock, dues, timer, tree
from chassis.actor import SYSTEM
from chassis.dues import ONE_DAY
from chassis.tables import due, outbox
from chassis.timer import Timer
from chassis.work import OneOfMany, Work
from contracts.membership.organisation import UnionFounded
from tests.chassis.books import Books
from tests.chassis.toy_tables import effect
from tests.chassis.waiting import eventually

#: A business day.
DAY = date(2024, 2, 28)
#: The clock of these tests.
CLOCK = "transfer_unanswered"
#: A lock that somebody holds.
LOCK = 640_001
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND NOT granted"


class Office:
    """A service on the toy's database whose only clock notes each time that it falls due, or does what a test says."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.told = 0
        self.timer = Timer(books.database, tree.projected(), committed=self._tell)
        self.meanwhile: Callable[[Work, UUID], None] = lambda work, aggregate_id: None

    def fall_due(self, work: Work, aggregate_id: UUID) -> None:
        work.session.execute(insert(effect).values(of=aggregate_id, text=work.today.isoformat()))
        self.meanwhile(work, aggregate_id)

    def work(self, session: Session) -> Work:
        return Work(session, SYSTEM, tree.projected(), clock.set_day(session.connection()))

    def schedule(self, on: date, aggregate_id: UUID | None = None) -> UUID:
        """In a unit of work of its own."""
        aggregate_id = aggregate_id or uuid4()
        with Session(self.books.database.writer) as session:
            dues.schedule(self.work(session), CLOCK, aggregate_id, on=on)
            session.commit()
        return aggregate_id

    def clear(self, aggregate_id: UUID) -> None:
        with Session(self.books.database.writer) as session:
            dues.clear(self.work(session), CLOCK, aggregate_id)
            session.commit()

    def set_day(self, day: date | None) -> None:
        with self.books.database.writer.begin() as connection:
            clock.move(connection, day)

    def days(self, aggregate_id: UUID) -> list[str]:
        """The business days on which it fell due for an aggregate."""
        with self.books.database.reader.connect() as connection:
            return list(connection.scalars(select(effect.c.text).where(effect.c.of == aggregate_id)))

    def row(self, aggregate_id: UUID) -> tuple[date, int] | None:
        """The day on which it falls due, and how often it has failed."""
        query = select(due.c.due_on, due.c.failures).where(due.c.aggregate_id == aggregate_id)
        with self.books.database.reader.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.due_on, row.failures)

    def wait_no_longer(self) -> None:
        """Let the moment come at which what was put off is tried again."""
        with self.books.database.writer.begin() as connection:
            connection.execute(update(due).values(retry_at=text("clock_timestamp()")))

    def waits(self) -> tuple[bool, int]:
        """Whether anything due has not been tried, and how much has failed."""
        with self.books.database.reader.connect() as connection:
            return dues.is_any_waiting(connection), dues.failed(connection)

    def next_day(self, after: date) -> date | None:
        with self.books.database.reader.connect() as connection:
            return dues.next_day(connection, after)

    def _tell(self) -> None:
        self.told += 1


@pytest.fixture
def office(books: Books, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """On its business day, with nothing due."""
    office = Office(books)
    monkeypatch.setattr(dues, "CLOCKS", {CLOCK: office.fall_due})
    office.set_day(DAY)
    yield office
    office.set_day(None)
    with books.database.writer.begin() as connection:
        connection.execute(delete(due))


def test_a_clock_runs_on_its_day_and_not_before(office: Office) -> None:
    last_day = DAY + ONE_DAY
    transfer = office.schedule(last_day + ONE_DAY)
    for day in (DAY, last_day):
        office.set_day(day)
        assert office.timer.run_due() == 0

    office.set_day(last_day + ONE_DAY)

    assert (office.timer.run_due(), office.timer.run_due()) == (1, 0)
    assert office.days(transfer) == ["2024-03-01"]
    assert office.row(transfer) is None


def test_whoever_was_away_on_the_day_catches_up(office: Office) -> None:
    transfer = office.schedule(DAY)
    office.set_day(DAY + 10 * ONE_DAY)

    office.timer.run_due()

    assert office.days(transfer) == ["2024-03-09"]


def test_without_a_set_day_machine_time_decides(office: Office) -> None:
    office.set_day(None)
    today = clock.business_moment(None).date()
    come, to_come = office.schedule(today - ONE_DAY), office.schedule(today + 2 * ONE_DAY)

    office.timer.run_due()

    assert (office.row(come), office.row(to_come)) == (None, (today + 2 * ONE_DAY, 0))


def test_a_clock_that_is_set_again_runs_on_the_new_day_alone(office: Office) -> None:
    transfer = office.schedule(DAY + ONE_DAY)
    office.schedule(DAY + 3 * ONE_DAY, transfer)
    for days in range(5):
        office.set_day(DAY + days * ONE_DAY)
        office.timer.run_due()

    assert office.days(transfer) == ["2024-03-02"]


def test_a_clock_that_is_cleared_does_not_run(office: Office) -> None:
    cleared, other = office.schedule(DAY), office.schedule(DAY)
    office.clear(cleared)
    office.clear(uuid4())

    office.timer.run_due()

    assert (office.days(cleared), office.days(other)) == ([], ["2024-02-28"])


def test_a_clock_is_set_with_its_unit_of_work_or_not_at_all(office: Office) -> None:
    transfer = uuid4()
    with Session(office.books.database.writer) as session:
        dues.schedule(office.work(session), CLOCK, transfer, on=DAY)
        session.rollback()

    assert (office.timer.run_due(), office.row(transfer)) == (0, None)


def test_a_clock_that_nobody_handles_cannot_be_set(office: Office) -> None:
    with Session(office.books.database.writer) as session, pytest.raises(KeyError):
        dues.schedule(office.work(session), "misspelt", uuid4(), on=DAY)


def test_a_clock_has_one_handler(office: Office) -> None:
    with pytest.raises(TypeError, match=CLOCK):
        dues.falls_due(CLOCK)(office.fall_due)


def test_what_only_a_newer_version_handles_waits_for_it(office: Office) -> None:
    newer = uuid4()
    with office.books.database.writer.begin() as connection:
        connection.execute(insert(due).values(clock="of_a_newer_version", aggregate_id=newer, due_on=DAY))

    assert (office.timer.run_due(), office.row(newer)) == (0, (DAY, 0))
    assert (office.waits(), office.next_day(DAY - ONE_DAY)) == ((False, 0), None)


def test_rows_are_done_in_the_order_of_their_days(office: Office) -> None:
    days = [DAY - number * ONE_DAY for number in (2, 5, 1, 4, 3)]
    by_day = {day: office.schedule(day) for day in days}
    done = []
    office.meanwhile = lambda work, aggregate_id: done.append(aggregate_id)

    office.timer.run_due()

    assert done == [by_day[day] for day in sorted(days)]


def test_a_clock_that_sets_itself_again_runs_on_each_of_its_days(office: Office) -> None:
    def again(work: Work, aggregate_id: UUID) -> None:
        if work.today < DAY + 3 * ONE_DAY:
            dues.schedule(work, CLOCK, aggregate_id, on=work.today + 2 * ONE_DAY)

    office.meanwhile = again
    reminder = office.schedule(DAY)
    for days in range(7):
        office.set_day(DAY + days * ONE_DAY)
        office.timer.run_due()

    assert office.days(reminder) == ["2024-02-28", "2024-03-01", "2024-03-03"]
    assert office.row(reminder) is None


def test_what_a_handler_makes_due_at_once_is_done_in_the_same_round(office: Office) -> None:
    follower = uuid4()
    first = office.schedule(DAY)
    office.meanwhile = lambda work, aggregate_id: (
        dues.schedule(work, CLOCK, follower, on=DAY) if aggregate_id == first else None
    )

    assert (office.timer.run_due(), office.days(follower)) == (2, ["2024-02-28"])


def test_events_of_a_handler_are_recorded_on_the_business_day_and_wake_the_relay(office: Office) -> None:
    transfer = office.schedule(DAY)

    def tell(work: Work, aggregate_id: UUID) -> None:
        assert work.actor == SYSTEM
        work.publish_data(UnionFounded, OneOfMany(aggregate_id, 0, "330110", uuid4()), {"union_id": str(aggregate_id)})

    office.meanwhile = tell
    office.timer.run_due()

    body = office.books.scalar("SELECT body FROM outbox WHERE aggregate_id = :id", id=transfer)
    with office.books.database.writer.begin() as connection:
        connection.execute(delete(outbox).where(outbox.c.aggregate_id == transfer))
    assert (body["time"][:10], office.told) == ("2024-02-28", 1)


def fails_for(*sick: UUID) -> Callable[[Work, UUID], None]:
    def fail(work: Work, aggregate_id: UUID) -> None:
        if aggregate_id in sick:
            raise LookupError

    return fail


def test_a_handler_that_fails_keeps_its_row_and_no_other_waiting(office: Office) -> None:
    sick = office.schedule(DAY - ONE_DAY)
    others = [office.schedule(DAY) for _ in range(3)]
    office.meanwhile = fails_for(sick)
    assert office.waits() == (True, 0)

    assert office.timer.run_due() == 4

    assert [office.days(one) for one in (sick, *others)] == [[], *[["2024-02-28"]] * 3]
    assert (office.row(sick), office.waits()) == ((DAY - ONE_DAY, 1), (False, 1))


def test_what_failed_is_tried_again_later_each_time_until_it_is_mended(office: Office) -> None:
    sick = office.schedule(DAY)
    office.meanwhile = fails_for(sick)
    for at_least, at_most in pairwise([0, *timer.RETRIES, timer.RETRIES[-1] + 1]):
        assert office.timer.run_due() == 1
        pause = office.books.scalar("SELECT retry_at - clock_timestamp() FROM due").total_seconds()
        assert min(at_least, 600) < pause <= at_most
        office.wait_no_longer()

    office.meanwhile = fails_for()
    office.timer.run_due()

    assert (office.days(sick), office.waits()) == (["2024-02-28"], (False, 0))


def test_a_failed_clock_that_is_set_again_begins_anew(office: Office) -> None:
    sick = office.schedule(DAY)
    office.meanwhile = fails_for(sick)
    office.timer.run_due()
    office.schedule(DAY, sick)

    assert (office.row(sick), office.waits()) == ((DAY, 0), (True, 0))


def test_a_lock_that_somebody_holds_is_no_failure_and_keeps_the_row_waiting(office: Office) -> None:
    transfer, other = office.schedule(DAY - ONE_DAY), office.schedule(DAY)

    def wait(work: Work, aggregate_id: UUID) -> None:
        if aggregate_id == transfer:
            work.session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": LOCK})

    office.meanwhile = wait
    with office.books.held(LOCK):
        office.timer.run_due()
        assert (office.row(transfer), office.days(other)) == ((DAY - ONE_DAY, 0), ["2024-02-28"])
        assert office.waits() == (True, 0)

    office.wait_no_longer()
    office.timer.run_due()

    assert office.days(transfer) == ["2024-02-28"]


def test_a_row_that_a_command_is_changing_is_left_to_it(office: Office) -> None:
    prolonged, other = office.schedule(DAY - ONE_DAY), office.schedule(DAY)
    with Session(office.books.database.writer) as session:
        dues.schedule(office.work(session), CLOCK, prolonged, on=DAY + ONE_DAY)
        office.timer.run_due()
        session.commit()
    office.timer.run_due()

    assert (office.days(prolonged), office.row(prolonged)) == ([], (DAY + ONE_DAY, 0))
    assert office.days(other) == ["2024-02-28"]


def test_a_command_that_holds_the_aggregate_and_wants_its_row_goes_first(office: Office) -> None:
    answered = office.schedule(DAY)
    office.meanwhile = lambda work, aggregate_id: lock_aggregate(work.session)

    with ThreadPoolExecutor(1) as pool, Session(office.books.database.writer) as session:
        lock_aggregate(session)
        ran = pool.submit(office.timer.run_due)
        eventually(lambda: office.books.scalar(_WAITING, lock=LOCK), "the handler does not want the aggregate")
        dues.clear(office.work(session), CLOCK, answered)
        session.commit()

    assert (ran.result(), office.days(answered), office.row(answered)) == (1, [], None)


def lock_aggregate(session: Session) -> None:
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def test_two_at_once_do_nothing_twice(office: Office) -> None:
    transfers = [office.schedule(DAY) for _ in range(60)]
    timers = [Timer(office.books.database, tree.projected()) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda one: one.run_due(), timers))

    assert sum(ran) == len(transfers)
    assert all(office.days(transfer) == ["2024-02-28"] for transfer in transfers)


def test_the_next_day_is_the_first_after_a_day_on_which_anything_falls_due(office: Office) -> None:
    for days in (0, 3, 2):
        office.schedule(DAY + days * ONE_DAY)

    found = [office.next_day(DAY + days * ONE_DAY) for days in (-1, 0, 2, 3)]

    assert found == [DAY, DAY + 2 * ONE_DAY, DAY + 3 * ONE_DAY, None]


@pytest.fixture
def running(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """With a timer that looks when it is woken, and not by itself."""
    monkeypatch.setattr(timer, "IDLE", 60)
    office.timer.start(eventlet.spawn)
    eventlet.sleep(0)
    yield office
    with eventlet.Timeout(10):
        office.timer.stop()


def has_run(office: Office, transfer: UUID) -> bool:
    with eventlet.Timeout(10, False):
        while not office.days(transfer):
            eventlet.sleep(0.01)
        return True
    return False


def test_a_day_that_has_come_already_wakes_the_timer_with_the_commit(running: Office) -> None:
    assert has_run(running, running.schedule(DAY))


def test_a_day_to_come_wakes_nobody(running: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    woken, wake = [], running.timer.wake
    monkeypatch.setattr(running.timer, "wake", lambda: (woken.append(None), wake()))

    running.schedule(DAY + ONE_DAY)
    assert woken == []

    running.schedule(DAY)
    assert len(woken) == 1
