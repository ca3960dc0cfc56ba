"""Writes a unit of work's events and its stored reply in the transaction that made them true."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.work import Recorded

_RECORD = text(
    """
    INSERT INTO outbox (event_id, event_type, aggregate_id, sequence, body)
    SELECT * FROM unnest(
        CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:aggregates AS uuid[]), CAST(:sequences AS bigint[]),
        CAST(:bodies AS json[])
    )
    """
)
_STORE = "UPDATE idempotency SET reply = CAST(:reply AS json) WHERE actor_id = :actor_id AND key = :key"
_REPLY = text(f"{_STORE}; COMMIT")
_BOTH = text(f"WITH closed AS ({_STORE}) {_RECORD.text}; COMMIT")


def record(session: Session, events: Sequence[Recorded]) -> None:
    """Put events into the outbox, in the order in which they were published."""
    if events:
        session.connection().execute(_RECORD, _columns(events))


def close(session: Session, actor_id: UUID, key: str, reply: Any, events: Sequence[Recorded]) -> None:
    """Put events into the outbox and the reply under the actor's key, and commit: all in one round trip."""
    values = {"actor_id": actor_id, "key": key, "reply": orjson.dumps(reply).decode()}
    if events:
        session.connection().execute(_BOTH, values | _columns(events))
    else:
        session.connection().execute(_REPLY, values)


def _columns(events: Sequence[Recorded]) -> dict[str, list[Any]]:
    return {
        "ids": [event.event_id for event in events],
        "types": [event.event_type for event in events],
        "aggregates": [str(event.aggregate_id) for event in events],
        "sequences": [event.sequence for event in events],
        "bodies": [orjson.dumps(event.body).decode() for event in events],
    }
