"""Holds what clients were told against the databases: nothing lost, nothing double, nothing half done."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.declare import Event
from contracts.subscriptions import MEMBER_EVENTS, SUBSCRIPTIONS
from tests.support.books import Books
from tests.support.breaches import BREACHES
from tests.support.broker import waiting
from tests.support.ledger import Ledger
from tests.support.tables import LINES, TABLES
from tests.support.telling import OF_MANY
from tests.support.told import Told, told
from unionctl.errors import PlatformError
from unionctl.platform import Platform
from unionctl.processes import wait_until

#: Seconds until everything that was recorded must have arrived; the third step of the retry ladder takes a minute.
SETTLED = 180.0
#: Differences that an AssertionError shows.
_MOST_SHOWN = 10

_EVENTS = "SELECT event_id::text, event_type FROM outbox"
_INBOX = "SELECT event_id::text FROM inbox JOIN generation ON number = inbox.generation AND state = 'current'"
#: Tables of which each event makes one row.
_KEPT = """
    SELECT table_name FROM information_schema.columns WHERE column_name = 'event_id'
    AND (table_name LIKE 'fact\\_%' OR table_name = 'member_register')
"""
_ROWS = (
    "SELECT event_id::text FROM {} AS kept JOIN generation ON number = kept.generation AND generation.state = 'current'"
)
_TOLD = """
    SELECT coalesce(body->'data'->>(CAST(:of_many AS json)->>event_type), aggregate_id::text), event_type, count(*),
        count(DISTINCT aggregate_id)
    FROM outbox GROUP BY 1, 2
"""
_GAPS = "SELECT aggregate_id FROM outbox GROUP BY 1 HAVING count(*) <> max(sequence) OR min(sequence) <> 1"
_FEED = """
    SELECT count(*), coalesce(min(feed_position), 1), coalesce(max(feed_position), 0), (SELECT position FROM feed)
    FROM outbox
"""
#: The field of the data of an event that tells whose it is, by its type.
_OF_MANY = {event.event_type.type: name for event, name in OF_MANY.items()}


#: Ids and types of events.
Events = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that nobody could handle and nobody has decided on."""

    id: str
    event_id: str
    reason: str
    error: str
    attempts: int


class Verifier:
    """Checks a platform on which a ledger's requests, and no others, were made."""

    def __init__(self, platform: Platform, books: Books, ledger: Ledger) -> None:
        self._platform = platform
        self._books = books
        self._ledger = ledger

    def settle(self) -> None:
        """Wait until everything recorded is published and handled, and every queue is empty."""
        try:
            wait_until(self._is_settled, SETTLED, "The dust does not settle.")
        except PlatformError as unsettled:
            lost = {consumer: self.unhandled(consumer) for consumer in SUBSCRIPTIONS}
            raise AssertionError(f"not handled: {lost}; waiting: {waiting(self._platform.broker)}") from unsettled

    def await_published(self) -> None:
        """Wait until the broker has everything that was recorded."""
        wait_until(self._is_published, SETTLED, "An outbox does not empty.")

    def verify(self) -> None:
        """Check everything after the dust has settled. Raises AssertionError."""
        self.settle()
        expected, events = told(self._ledger), self._events()
        self._check_keys(expected)
        self._check_rows(expected)
        for service in self._books.services:
            self._check_outbox(service, expected)
        for consumer in SUBSCRIPTIONS:
            self._check_inbox(consumer, events)
            self._check_kept(consumer, events)
            assert self.dead_letters(consumer) == []

    def dead_letters(self, consumer: str) -> list[DeadLetter]:
        """The open dead letters."""
        statement = "SELECT id::text, event_id::text, reason, error, attempts FROM dead_letter WHERE state = 'open'"
        return [DeadLetter(*row) for row in self._books.rows(consumer, statement)]

    def unhandled(self, consumer: str) -> set[str]:
        """Ids of events that a consumer subscribes to and has not handled yet."""
        return self._unhandled(consumer, self._events())

    def _is_settled(self) -> bool:
        # the dearest question last: it reads every id
        if not self._is_published() or any(waiting(self._platform.broker).values()):
            return False
        events = self._events()
        return not any(self._unhandled(consumer, events) for consumer in SUBSCRIPTIONS)

    def _unhandled(self, consumer: str, events: Events) -> set[str]:
        return set(_subscribed(consumer, events) - self._handled(consumer))

    def _is_published(self) -> bool:
        pending = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
        return not any(self._books.one(service, pending) for service in self._books.services)

    def _events(self) -> Events:
        """All events that were recorded, of all services."""
        return [row for service in self._books.services for row in self._books.rows(service, _EVENTS)]

    def _handled(self, consumer: str) -> Counter[str]:
        return Counter(row[0] for row in self._books.rows(consumer, _INBOX))

    def _check_keys(self, expected: Told) -> None:
        """Every key that was answered with success is stored with that answer, and no other key is."""
        for service in self._books.services:
            rows = self._books.rows(service, "SELECT key, reply FROM idempotency")
            _same(f"keys of {service}", dict(rows), expected.replies.get(service, {}))

    def _check_rows(self, expected: Told) -> None:
        """Every answer has its row, as it was answered, and there is no other row; and all rows add up."""
        for table in TABLES.values():
            shown, told_rows = ", ".join(table.shown), expected.rows.get(table.name, {})
            rows = self._books.rows(table.service, f"SELECT id::text, {shown} FROM {table.name}")  # noqa: S608
            answered = {row_id: tuple(reply[name] for name in table.shown) for row_id, reply in told_rows.items()}
            _same(f"rows of {table.name}", {row_id: tuple(values) for row_id, *values in rows}, answered)
            if table.versioned:
                versions = self._books.rows(table.service, f"SELECT id::text, version FROM {table.name}")  # noqa: S608
                _same(f"versions of {table.name}", dict(versions), {key: expected.changes[key] for key in told_rows})
        found = {tuple(key): count for service, lines in LINES for *key, count in self._books.rows(service, lines)}
        counted = {(of, what): count for of, counts in expected.counts.items() for what, count in counts.items()}
        _same("numbers of lines", found, {line: count for line, count in counted.items() if count})
        for service, breaches in BREACHES.items():
            for what, statement in breaches.items():
                assert self._books.rows(service, statement) == [], what

    def _check_outbox(self, service: str, expected: Told) -> None:
        """Each change of state has told its events once, numbered without gaps by aggregate and by feed."""
        rows = self._books.rows(service, _TOLD, of_many=json.dumps(_OF_MANY))
        recorded = {(of, event_type): count for of, event_type, count, _ in rows}
        _same(f"events of {service}", recorded, expected.events.get(service, {}))
        assert [row for row in rows if row[1] in _OF_MANY and row[2] != row[3]] == [], service
        assert self._books.rows(service, _GAPS) == [], service
        count, first, last, given = self._books.rows(service, _FEED)[0]
        assert (first, last, given) == (1, count, count), service

    def _check_inbox(self, consumer: str, events: Events) -> None:
        """Each event that a consumer subscribes to was handled once, and nothing else was."""
        _same(f"inbox of {consumer}", self._handled(consumer), _subscribed(consumer, events))

    def _check_kept(self, consumer: str, events: Events) -> None:
        """Each event that a consumer keeps as a row is one row there: in reporting all, elsewhere those of members."""
        recorded = _subscribed(consumer, events) if consumer == "reporting" else _of_types(MEMBER_EVENTS, events)
        kept = Counter(
            event_id
            for (table,) in self._books.rows(consumer, _KEPT)
            for (event_id,) in self._books.rows(consumer, _ROWS.format(table))
        )
        _same(f"events kept by {consumer}", kept, recorded)


def _subscribed(consumer: str, events: Events) -> Counter[str]:
    """Ids of the events that a consumer subscribes to."""
    return _of_types(SUBSCRIPTIONS[consumer], events)


def _of_types(types: Sequence[type[Event]], events: Events) -> Counter[str]:
    names = {each.event_type.type for each in types}
    return Counter(event_id for event_id, event_type in events if event_type in names)


def _same(what: str, found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> None:
    """Compare two long mappings; an AssertionError names only what differs."""
    differ = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)]
    shown = [f"{key}: {found.get(key)} instead of {expected.get(key)}" for key in differ[:_MOST_SHOWN]]
    assert not differ, f"{len(differ)} {what} differ:\n" + "\n".join(shown)
