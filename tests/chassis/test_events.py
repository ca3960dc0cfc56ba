"""Events over a real broker: none is lost, whether its handler fails, nobody takes it, or nobody can read it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import select

from chassis.tables import dead_letter, outbox
from contracts.events.activities import DraftActivity
from tests.chassis.books import Books
from tests.chassis.hub import Hub
from tests.chassis.programs import Asker, Toy
from tests.chassis.samples import draft_of, union_founded
from tests.chassis.waiting import eventually

DRAFT = DraftActivity.operation


@pytest.fixture(autouse=True)
def still_running(toy: Toy) -> Iterator[None]:
    yield
    assert toy.lives()


def dead(books: Books, event_id: str) -> list[Any]:
    """The dead letters of an event."""
    with books.database.reader.connect() as connection:
        return list(connection.execute(select(dead_letter).where(dead_letter.c.event_id == UUID(event_id))))


def recorded(books: Books, subject: str) -> Any:
    """The outbox row of an aggregate's first event."""
    with books.database.reader.connect() as connection:
        return connection.execute(select(outbox).where(outbox.c.aggregate_id == UUID(subject))).one()


def test_an_event_is_handled_once_though_it_comes_three_times(toy: Toy, hub: Hub, books: Books) -> None:
    event, last = union_founded("Mill"), union_founded("Mill")
    for _ in range(3):
        hub.send_event(event)
    hub.send_event(last)

    eventually(lambda: books.effects(last["id"]) == 1, "the last event was not handled")
    assert books.effects(event["id"]) == 1


@pytest.mark.usefixtures("short_ladder")
def test_an_event_whose_handler_always_fails_ends_in_the_dead_letters(toy: Toy, hub: Hub, books: Books) -> None:
    """Stock nameko acknowledges it after the first error (stack notes finding 1).

    Without the ladder in `Intake._take` the event would be gone and no dead letter would come.
    """
    event_id = hub.found_union(f"fail for {uuid4()}")

    eventually(lambda: dead(books, event_id), "no dead letter")
    [letter] = dead(books, event_id)
    assert (letter.reason, letter.error, letter.attempts, letter.state) == ("exhausted", "LookupError", 6, "open")
    assert books.effects(event_id) == 0


@pytest.mark.usefixtures("short_ladder")
@pytest.mark.parametrize("headers", [{"x-attempts": "five", "x-first-failed": "never"}, {"x-attempts": 2**40}])
def test_headers_of_a_strangers_making_end_no_process(
    toy: Toy, hub: Hub, books: Books, headers: dict[str, Any]
) -> None:
    """The fixture `still_running` looks after the process: it would have ended, and again at each delivery."""
    event = union_founded(f"fail for {uuid4()}")
    hub.publish("", "evt.events", orjson.dumps(event), message_id=event["id"], application_headers=headers)

    eventually(lambda: dead(books, event["id"]), "no dead letter")
    [letter] = dead(books, event["id"])
    assert (letter.reason, letter.error, letter.attempts) == ("exhausted", "LookupError", 6)


@pytest.mark.usefixtures("short_ladder")
def test_a_poisonous_event_does_not_hold_the_others(toy: Toy, hub: Hub, books: Books) -> None:
    poison = union_founded(f"fail for {uuid4()}")
    others = [union_founded("Mill") for _ in range(5)]
    for event in (*others[:2], poison, *others[2:]):
        hub.send_event(event)

    eventually(lambda: all(books.effects(event["id"]) == 1 for event in others), "the others were not handled")
    eventually(lambda: dead(books, poison["id"]), "no dead letter")


@pytest.mark.usefixtures("short_ladder")
def test_a_replayed_dead_letter_keeps_its_id_and_takes_effect_once(
    toy: Toy, hub: Hub, books: Books, operate: Any
) -> None:
    name = f"fail until cured {uuid4()}"
    event_id = hub.found_union(name)
    eventually(lambda: dead(books, event_id), "no dead letter")
    letter_id = str(dead(books, event_id)[0].id)

    books.cure(name)
    replayed = operate("events.replay_dead_letter", letter_id=letter_id, operator="wu", reason="mended")

    assert replayed == event_id
    eventually(lambda: books.effects(event_id) == 1, "the replayed event was not handled")
    assert [letter.state for letter in dead(books, event_id)] == ["replayed"]


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (b"", {}),
        (b"\xff\xfe secret 330110198001011234", {}),
        (b'{"name": "secret 330110198001011234"', {"content_encoding": "utf-8"}),
        (b'"secret 330110198001011234"', {"content_encoding": "no such encoding"}),
        (b'{"type": "secret 330110198001011234"}', {"content_encoding": "utf-8"}),
        (orjson.dumps(union_founded("x") | {"name": "secret 330110198001011234", "id": 5}), {}),
    ],
)
def test_an_event_that_cannot_be_read_goes_to_the_dead_letters_at_once_and_is_never_logged(
    toy: Toy, hub: Hub, books: Books, body: bytes, properties: dict[str, str]
) -> None:
    """Kombu acknowledges it and logs its body (stack notes finding 8).

    Without the catch of `_PERMANENT` in `Intake._handle` the error would end the loop that takes events.
    """
    event_id = str(uuid4())

    hub.publish("membership.events", "union_founded", body, message_id=event_id, **properties)

    eventually(lambda: dead(books, event_id), "no dead letter")
    [letter] = dead(books, event_id)
    assert (letter.reason, letter.attempts, bytes(letter.body)) == ("invalid", 1, body)
    assert "330110198001011234" not in toy.log()


def test_a_handler_s_error_is_logged_without_the_values_in_it(toy: Toy, hub: Hub) -> None:
    secret = f"fail for {uuid4()}"
    failed = toy.counts("unionhall_events_handled_total", outcome="retry.1s")

    hub.found_union(secret)

    eventually(failed, "the event did not fail")
    assert "LookupError" in toy.log()
    assert secret not in toy.log()


def test_an_event_that_no_queue_takes_though_a_service_names_it_is_tried_until_one_does(
    toy: Toy, hub: Hub, books: Books, asker: Asker
) -> None:
    """An unroutable message is silently dropped unless it is mandatory and its return is heeded (finding 7).

    Without `_failed` in the relay the event would be marked as published and nobody would ever get it.
    """
    hub.purge("evt.reporting")
    with hub.unbound("evt.reporting", "events.events", "activity_published"):
        drafted = asker(DRAFT, draft_of("nobody listens"))
        eventually(lambda: "relay_paused" in toy.events(), "the relay did not notice")
        assert recorded(books, drafted["id"]).published_at is None

    eventually(lambda: recorded(books, drafted["id"]).published_at, "the event was not published")
    row = recorded(books, drafted["id"])
    assert hub.taken("evt.reporting") == [str(row.event_id)]
    assert not row.unrouted


def test_an_event_that_no_service_names_is_marked_and_counted(toy: Toy, hub: Hub, books: Books, asker: Asker) -> None:
    counted = toy.counts("unionhall_events_unrouted_total", type="cn.unionhall.events.activity_voided.v1")
    with hub.unbound("evt.reporting", "events.events", "activity_voided"):
        drafted = asker(DRAFT, draft_of("void"))
        eventually(lambda: recorded(books, drafted["id"]).published_at, "the event was not published")

    assert recorded(books, drafted["id"]).unrouted
    assert counted() == 1


def test_what_a_command_records_is_published_once_and_numbered(toy: Toy, hub: Hub, books: Books, asker: Asker) -> None:
    hub.purge("evt.reporting")
    subjects = [asker(DRAFT, draft_of("a week of readings"))["id"] for _ in range(7)]

    eventually(lambda: all(recorded(books, one).published_at for one in subjects), "not everything was published")
    rows = sorted((recorded(books, one) for one in subjects), key=lambda row: row.feed_position)
    assert [row.feed_position - rows[0].feed_position for row in rows] == list(range(7))
    assert sorted(hub.taken("evt.reporting")) == sorted(str(row.event_id) for row in rows)


def test_what_a_reaction_records_names_its_cause(toy: Toy, hub: Hub, books: Books) -> None:
    event_id = hub.found_union("tell everybody")

    eventually(lambda: books.effects(event_id) == 1, "the event was not handled")
    assert recorded(books, event_id).body["causationid"] == event_id
