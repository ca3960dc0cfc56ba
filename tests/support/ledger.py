"""Every request of a load and what became of it, to be held against the databases when the dust has settled."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.declare import Operation


@dataclass(slots=True)
class Entry:
    """One key: what was asked under it, the answers that settled nothing, and the reply that did."""

    operation: Operation
    key: str
    payload: Mapping[str, Any]
    #: Statuses that left the outcome open, 0 for a broken connection.
    open_answers: list[int] = field(default_factory=list)
    reply: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.operation.wire_name} {self.key} after {dict(Counter(self.open_answers))}"


class Ledger:
    """All entries, from any number of clients."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def open(self, operation: Operation, key: str, payload: Mapping[str, Any]) -> Entry:
        """Enter a request before it is sent."""
        entry = Entry(operation, key, payload)
        with self._guard:
            self._entries.append(entry)
        return entry

    def since(self, number: int) -> list[Entry]:
        """The entries from a number on."""
        with self._guard:
            return self._entries[number:]

    def accepted(self) -> Iterator[tuple[Operation, str, Mapping[str, Any], dict[str, Any]]]:
        """Operation, key, payload and reply of every request that was answered with success."""
        for entry in self.since(0):
            if entry.reply is not None:
                yield entry.operation, entry.key, entry.payload, entry.reply
