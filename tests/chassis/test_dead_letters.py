"""Dead letters: kept once, decided once, and never in anybody's way."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis import dead_letters
from chassis.errors import Refused
from tests.chassis.books import Books
from tests.chassis.hub import Hub
from tests.chassis.programs import Toys
from tests.chassis.waiting import eventually


def letter(body: bytes | str = b"{}", **properties: Any) -> Any:
    """A message as it lies in the dead queue."""
    return SimpleNamespace(body=body, properties=properties)


def with_headers(**headers: Any) -> dict[str, Any]:
    return {"application_headers": {name.replace("_", "-"): value for name, value in headers.items()}}


def kept(books: Books, event_id: str) -> list[dict[str, Any]]:
    return [one for one in dead_letters.listed(books.database, None) if one["event_id"] == event_id]


def test_the_same_death_twice_is_one_row(books: Books) -> None:
    event_id = str(uuid4())
    message = letter(message_id=event_id, **with_headers(x_death_id=str(uuid4()), x_reason="exhausted", x_attempts=6))

    dead_letters.store(books.database, message)
    dead_letters.store(books.database, message)

    [row] = kept(books, event_id)
    assert (row["reason"], row["attempts"], row["state"]) == ("exhausted", 6, "open")


def test_a_second_death_of_the_same_event_is_a_row_of_its_own(books: Books) -> None:
    event_id = str(uuid4())
    for _ in range(2):
        dead_letters.store(books.database, letter(message_id=event_id, **with_headers(x_death_id=str(uuid4()))))

    assert len(kept(books, event_id)) == 2


def test_what_the_broker_gave_up_is_kept_without_our_headers(books: Books) -> None:
    event_id = str(uuid4())
    message = letter(b'{"id": "%s"}' % event_id.encode(), **with_headers(x_death=[{"count": 201}]))

    dead_letters.store(books.database, message)
    dead_letters.store(books.database, message)

    [row] = kept(books, event_id)
    assert (row["reason"], row["attempts"]) == ("delivery_limit", 0)


@pytest.mark.parametrize("body", [b"", b"\xff", "text", b"[1]", b'{"id": 7}'])
def test_a_letter_without_an_id_is_kept_as_well(books: Books, body: bytes | str) -> None:
    death = str(uuid4())

    dead_letters.store(books.database, letter(body, **with_headers(x_death_id=death)))

    shown = dead_letters.shown(books.database, UUID(death))
    assert shown["event_id"] is None
    assert "body" in shown


@pytest.mark.parametrize(
    "headers",
    [
        {"x_attempts": "five", "x_first_failed": "yesterday"},
        {"x_attempts": 2**40, "x_first_failed": 2**60},
        {"x_reason": 7, "x_error": b"\xff"},
        {"x_reason": "in\0valid", "x_error": "\udcff\0"},
        {"x_death_id": "no id"},
    ],
)
def test_headers_that_a_stranger_wrote_keep_no_letter_out_of_the_table(books: Books, headers: dict[str, Any]) -> None:
    event_id = str(uuid4())

    dead_letters.store(books.database, letter(message_id=event_id, type="a\0type", **with_headers(**headers)))

    [row] = kept(books, event_id)
    assert (row["attempts"], row["first_failed_at"], row["state"]) == (0, None, "open")


def test_a_list_shows_no_body(books: Books) -> None:
    death, event_id = str(uuid4()), str(uuid4())
    dead_letters.store(books.database, letter(b"secret", message_id=event_id, **with_headers(x_death_id=death)))

    assert "body" not in kept(books, event_id)[0]
    assert dead_letters.shown(books.database, UUID(death))["body"] == "secret"


def test_a_letter_is_decided_once_and_tells_who_and_why(books: Books) -> None:
    death, event_id = uuid4(), str(uuid4())
    dead_letters.store(books.database, letter(message_id=event_id, **with_headers(x_death_id=str(death))))
    before = count(books)

    dead_letters.decide(books.database, death, "discarded", "wu", "a test")

    [row] = kept(books, event_id)
    assert (row["state"], row["decided_by"], row["decision_reason"]) == ("discarded", "wu", "a test")
    assert count(books) == before - 1
    with pytest.raises(Refused, match="not_found"):
        dead_letters.decide(books.database, death, "replayed", "wu", "again")


def test_a_letter_that_does_not_exist_is_not_found(books: Books) -> None:
    with pytest.raises(Refused, match="not_found"):
        dead_letters.shown(books.database, uuid4())


def count(books: Books) -> int:
    with books.database.reader.connect() as connection:
        return dead_letters.count(connection)


@pytest.fixture
def a_table_that_refuses(books: Books) -> Iterator[str]:
    """The type of the event that the table of dead letters cannot take."""
    refused = "no row takes this"
    with books.database.writer.begin() as connection:
        connection.execute(text(f"ALTER TABLE dead_letter ADD CONSTRAINT refusal CHECK (event_type <> '{refused}')"))
    yield refused
    with books.database.writer.begin() as connection:
        connection.execute(text("ALTER TABLE dead_letter DROP CONSTRAINT refusal"))


def test_a_letter_that_no_row_can_take_is_parked_and_counted_and_holds_up_no_other(
    toys: Toys, hub: Hub, books: Books, a_table_that_refuses: str
) -> None:
    """Without the rejection the drain would end, or try the same letter for ever."""
    toy = toys.start()
    hub.purge("dead.parked")
    event_id = str(uuid4())

    hub.publish("dead", "events", b"{}", message_id=str(uuid4()), type=a_table_that_refuses)
    hub.publish("dead", "events", b"{}", message_id=event_id)

    eventually(lambda: kept(books, event_id), "the second letter was not kept")
    eventually(lambda: toy.metric("unionhall_parked_messages") == 1, "nobody counts what is parked")
    assert hub.taken("dead.parked")
