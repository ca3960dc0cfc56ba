"""Events in tables: each once for every generation, in whatever order, and reactions once for ever."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select

from chassis import generations, union_tree
from chassis.absorb import Absorber, GenerationClosed
from chassis.generations import NoSuchGeneration
from chassis.subscribers import PROJECTIONS, Projection, Reaction, Subscription
from chassis.tables import generation, inbox
from chassis.tables import union_tree as unions
from chassis.tree import projected
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.membership.organisation import UnionApproved, UnionFounded
from tests.chassis.books import Books
from tests.chassis.samples import union_founded
from tests.chassis.toy_tables import effect

FOUNDED, APPROVED = (frozenset([event.event_type.type]) for event in (UnionFounded, UnionApproved))
#: The chassis' own projection, as services register it.
TREE = next(one for one in PROJECTIONS if one.function is union_tree.keep_union_tree)


def founded(name: str = "Mill", sequence: int = 1, union_id: str | None = None) -> Envelope:
    event = union_founded(name, sequence, **({"union_id": union_id} if union_id else {}))
    return Envelope.parse(event)


def greet(work: Work, event: Envelope) -> None:
    """A reaction that shows how often it ran."""
    work.session.execute(insert(effect).values(of=UUID(event.id), text="greeted"))


def count(work: Work, events: Sequence[Envelope]) -> None:
    """A projection that shows how often it ran in each generation."""
    rows = [{"of": UUID(event.id), "text": f"generation {work.generation}"} for event in events]
    work.session.execute(insert(effect), rows)


COUNT: Subscription[Projection] = Subscription(count, FOUNDED)
GREET: Subscription[Reaction] = Subscription(greet, FOUNDED)


@pytest.fixture(autouse=True)
def one_generation(books: Books) -> None:
    """Every test begins with generation 1 alone, and empty."""
    with books.database.writer.begin() as connection:
        for table in (inbox, unions, generation):
            connection.execute(delete(table))
        connection.execute(insert(generation).values(number=1, state="current"))


@pytest.fixture(scope="module")
def absorber(books: Books) -> Absorber:
    return Absorber(books.database, projected(), [TREE, COUNT], [GREET])


def effects(books: Books, event: Envelope) -> list[str]:
    """What an event did, in any order."""
    with books.database.reader.connect() as connection:
        return sorted(connection.scalars(select(effect.c.text).where(effect.c.of == UUID(event.id))))


def known(books: Books, number: int) -> dict[str, Any]:
    """Names and sequences of the unions of a generation."""
    query = select(unions.c.union_id, unions.c.name, unions.c.sequence).where(unions.c.generation == number)
    with books.database.reader.connect() as connection:
        return {str(row.union_id): (row.name, row.sequence) for row in connection.execute(query)}


def test_a_batch_with_doubles_takes_effect_once(books: Books, absorber: Absorber) -> None:
    event = founded()

    absorber.live([event, event])
    absorber.live([event])

    assert effects(books, event) == ["generation 1", "greeted"]


def test_an_event_with_an_id_in_capitals_takes_effect_once_like_any_other(books: Books, absorber: Absorber) -> None:
    """Compared as a text it would be entered into the inbox and then passed over."""
    body = union_founded("Mill")
    event, shouted = Envelope.parse(body), Envelope.parse(body | {"id": body["id"].upper()})

    absorber.live([shouted])
    absorber.live([event])

    assert effects(books, event) == ["generation 1", "greeted"]


def test_overlapping_batches_at_the_same_time_take_effect_once(books: Books, absorber: Absorber) -> None:
    events = [founded() for _ in range(30)]
    chance = random.Random(7)
    batches = [chance.sample(events, 20) for _ in range(12)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(absorber.live, batches))

    took = [effects(books, event) for event in events if any(event in batch for batch in batches)]
    assert took == [["generation 1", "greeted"]] * len(took)


def test_a_batch_that_fails_leaves_nothing(books: Books) -> None:
    def fail(work: Work, event: Envelope) -> None:
        raise LookupError

    event = founded()
    failing = Absorber(books.database, projected(), [COUNT], [Subscription(fail, FOUNDED)])

    with pytest.raises(LookupError):
        failing.live([event])
    assert effects(books, event) == []
    with books.database.reader.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(inbox)) == 0


def test_a_handler_gets_only_the_events_it_names(books: Books) -> None:
    event = founded()
    deaf = Absorber(books.database, projected(), [Subscription(count, APPROVED)], [Subscription(greet, APPROVED)])

    deaf.live([event])

    assert effects(books, event) == []


@settings(max_examples=40)
@given(data=st.data(), lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_the_union_tree_does_not_mind_order_doubles_or_batches(
    books: Books, absorber: Absorber, data: st.DataObject, lengths: list[int]
) -> None:
    """The newest event of each union wins, however they come."""
    ids = [str(uuid4()) for _ in lengths]
    events = [
        founded(f"name {sequence}", sequence, union_id)
        for union_id, length in zip(ids, lengths, strict=True)
        for sequence in range(1, length + 1)
    ]
    shuffled = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=3))))
    size = data.draw(st.integers(1, len(shuffled)))
    for start in range(0, len(shuffled), size):
        absorber.live(shuffled[start : start + size])

    tree = known(books, 1)
    assert {one: tree[one] for one in ids} == {
        one: (f"name {length}", length) for one, length in zip(ids, lengths, strict=True)
    }


def test_a_rebuild_feeds_the_new_generation_from_history_and_from_live_batches(
    books: Books, absorber: Absorber
) -> None:
    before, during = founded("before"), founded("during")
    absorber.live([before])
    number = generations.open_next(books.database, "building")

    absorber.live([during])
    fresh = absorber.history(number, [before, during])

    assert fresh == 1
    assert effects(books, before) == ["generation 1", f"generation {number}", "greeted"]
    assert effects(books, during) == ["generation 1", f"generation {number}", "greeted"]
    assert known(books, number) == known(books, 1)


def test_a_reaction_is_not_repeated_by_a_rebuild_nor_after_it(books: Books, absorber: Absorber) -> None:
    event = founded()
    absorber.live([event])
    number = generations.open_next(books.database, "building")
    absorber.history(number, [event])
    generations.switch(books.database, number)

    absorber.live([event])

    assert effects(books, event).count("greeted") == 1
    generations.drop(books.database, [inbox])
    absorber.live([event])
    assert effects(books, event).count("greeted") == 1


def test_live_batches_do_not_feed_a_generation_that_only_verifies(books: Books, absorber: Absorber) -> None:
    number = generations.open_next(books.database, "verifying")
    event = founded()

    absorber.live([event])

    assert effects(books, event) == ["generation 1", "greeted"]
    assert absorber.history(number, [event]) == 1


def test_readers_see_the_new_generation_only_after_the_switch(books: Books, absorber: Absorber) -> None:
    event = founded()
    number = generations.open_next(books.database, "building")
    absorber.history(number, [event])
    union_id = UUID(event.subject)
    tree = projected()

    with books.database.reader.connect() as connection:
        assert tree.standing(connection, union_id, []) is None
        generations.switch(books.database, number)
        assert tree.standing(connection, union_id, []) is not None


def test_a_page_for_a_closed_generation_is_refused(books: Books, absorber: Absorber) -> None:
    number = generations.open_next(books.database, "building")
    generations.abandon(books.database, number)

    for closed in (1, number, 99):
        with pytest.raises(GenerationClosed):
            absorber.history(closed, [founded()])


def test_what_the_old_generation_held_and_the_new_one_lacks_is_named(books: Books, absorber: Absorber) -> None:
    kept, lost = founded(), founded()
    absorber.live([kept, lost])
    number = generations.open_next(books.database, "building")
    absorber.history(number, [kept, founded()])

    assert generations.missing(books.database, number) == (1, [lost.id])


def test_a_dropped_generation_goes_in_parts_and_takes_no_other_with_it(
    books: Books, absorber: Absorber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "CHUNK", 2)
    absorber.live([founded() for _ in range(5)])
    number = generations.open_next(books.database, "building")
    absorber.live([founded()])
    generations.switch(books.database, number)

    gone = [generations.drop(books.database, [unions]) for _ in range(4)]

    assert gone == [2, 2, 2, 0]
    assert len(known(books, number)) == 1


@pytest.mark.parametrize("state", ["verifying", "retired"])
def test_only_a_generation_that_is_being_built_can_be_switched_to(books: Books, state: str) -> None:
    number = generations.open_next(books.database, "building" if state == "retired" else state)
    if state == "retired":
        generations.abandon(books.database, number)

    for wrong in (number, 99):
        with pytest.raises(NoSuchGeneration):
            generations.switch(books.database, wrong)
    with books.database.reader.connect() as connection:
        assert connection.scalar(generations.current()) == 1


def test_the_generation_that_readers_use_can_neither_be_abandoned_nor_dropped(books: Books, absorber: Absorber) -> None:
    absorber.live([founded()])

    generations.abandon(books.database, 1)

    assert generations.drop(books.database, [unions, inbox]) == 0
    assert len(known(books, 1)) == 1


def test_numbers_of_generations_never_come_back(books: Books) -> None:
    first = generations.open_next(books.database, "building")
    generations.abandon(books.database, first)

    assert generations.open_next(books.database, "building") == first + 1


def test_opening_a_generation_waits_for_the_batches_at_work(books: Books) -> None:
    """Else a batch begun before would miss the new generation, though the rebuild counts on live batches by then."""
    with books.held(71) as lock, ThreadPoolExecutor(2) as threads:

        def wait(work: Work, events: Sequence[Envelope]) -> None:
            count(work, events)
            work.session.execute(select(func.pg_advisory_xact_lock_shared(71)))

        slow = Absorber(books.database, projected(), [Subscription(wait, FOUNDED)], [])
        event = founded()
        batch = threads.submit(slow.live, [event])
        while not lock.keeps(1):
            pass
        opening = threads.submit(generations.open_next, books.database, "building")
        while not books.scalar("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'advisory'"):
            pass
        assert not opening.done()
        lock.release()
        batch.result()

        assert opening.result() == 2
    assert effects(books, event) == ["generation 1"]
