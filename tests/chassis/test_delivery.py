"""From the commit of a command to the effect in another service, with every step dying anywhere."""

from typing import Any
from uuid import UUID

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chassis import outbox as writing
from chassis.absorb import Absorber
from chassis.outbox_log import pending
from chassis.subscribers import Reaction, Subscription
from chassis.tables import outbox
from chassis.tree import projected
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.membership.organisation import UnionFounded
from tests.chassis.books import Books
from tests.chassis.log import clear, event, ids, publish, read, record
from tests.chassis.toy_tables import effect


def greet(work: Work, arrived: Envelope) -> None:
    work.session.execute(insert(effect).values(of=UUID(arrived.id), text="greeted"))


GREET: Subscription[Reaction] = Subscription(greet, frozenset([UnionFounded.event_type.type]))


class Delivery(RuleBasedStateMachine):
    """Outbox, relay, queue and inbox, each of which may stop anywhere; the broker is a list."""

    books: Books

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []
        self.queue: list[dict[str, Any]] = []
        self.absorber = Absorber(self.books.database, projected(), [], [GREET])

    @initialize()
    def begin(self) -> None:
        clear(self.books)

    @rule(count=st.integers(1, 3))
    def commit(self, count: int) -> None:
        events = [event() for _ in range(count)]
        record(self.books, *events)
        self.all += ids(events)

    @rule(count=st.integers(1, 3))
    def roll_back(self, count: int) -> None:
        with Session(self.books.database.writer) as session:
            writing.record(session, [event() for _ in range(count)])
            session.rollback()

    @rule(limit=st.integers(1, 4), dies=st.sampled_from(["not", "before the confirm", "before the mark"]))
    def relay(self, limit: int, dies: str) -> None:
        rows = pending(self.books.database.reader, [], limit)
        if dies != "before the confirm":
            self.queue += [orjson.loads(row.message.body) for row in rows]
        if dies == "not" and rows:
            publish(self.books, limit)

    @rule(size=st.integers(1, 5), dies=st.sampled_from(["not", "before the commit", "before the ack"]))
    def consume(self, size: int, dies: str) -> None:
        batch = self.queue[:size]
        if dies != "before the commit":
            self.absorber.live([Envelope.parse(body) for body in batch])
        if dies == "not":
            del self.queue[:size]

    @rule(data=st.data())
    def deliver_out_of_order_and_again(self, data: st.DataObject) -> None:
        if self.queue:
            again = data.draw(st.lists(st.sampled_from(self.queue), max_size=2))
            self.queue = data.draw(st.permutations(self.queue + again))

    @invariant()
    def nothing_takes_effect_twice_or_from_nowhere(self) -> None:
        took = self.effects()
        assert len(took) == len(set(took))
        assert set(took) <= set(self.all)

    @invariant()
    def the_feed_has_no_gaps(self) -> None:
        with self.books.database.reader.connect() as connection:
            positions = connection.scalars(
                select(outbox.c.feed_position)
                .where(outbox.c.feed_position.is_not(None))
                .order_by(outbox.c.feed_position)
            ).all()
        assert list(positions) == list(range(1, len(positions) + 1))

    def teardown(self) -> None:
        """When nothing dies any more, everything that was committed takes effect."""
        while pending(self.books.database.reader, [], 1):
            self.relay(4, "not")
        while self.queue:
            self.consume(5, "not")
        assert sorted(self.effects()) == sorted(self.all)
        assert sorted(read(self.books)) == sorted(self.all)

    def effects(self) -> list[str]:
        mine = select(effect.c.of).where(effect.c.of.in_(list(map(UUID, self.all))))
        with self.books.database.reader.connect() as connection:
            return [str(one) for one in connection.scalars(mine)]


def test_whatever_dies_when_every_event_takes_effect_once(books: Books) -> None:
    Delivery.books = books

    run_state_machine_as_test(Delivery, settings=settings(max_examples=20, stateful_step_count=20))
