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
    SELECT * FROM json_to_recordset(CAST(:events AS json))
    AS given (event_id uuid, event_type text, aggregate_id uuid, sequence bigint, body json)
    """
)
_STORE = "UPDATE idempotency SET reply = CAST(:reply AS json) WHERE actor_id = :actor_id AND key = :key"
_REPLY = text(f"{_STORE}; COMMIT")
_BOTH = text(f"WITH closed AS ({_STORE}) {_RECORD.text}; COMMIT")


def record(session: Session, events: Sequence[Recorded]) -> None:
    """Put events into the outbox, in the order in which they were published."""
    if events:
        session.connection().execute(_RECORD, _rows(events))


def close(session: Session, actor_id: UUID, key: str, reply: Any, events: Sequence[Recorded]) -> None:
    """Put events into the outbox and the reply under the actor's key, and commit: all in one round trip."""
    values = {"actor_id": actor_id, "key": key, "reply": orjson.dumps(reply).decode()}
    if events:
        session.connection().execute(_BOTH, values | _rows(events))
    else:
        session.connection().execute(_REPLY, values)


def _rows(events: Sequence[Recorded]) -> dict[str, str]:
    rows = [
        {
            "event_id": event.event_id,
            "event_type": event.event_type,
            "aggregate_id": event.aggregate_id,
            "sequence": event.sequence,
            "body": event.body,
        }
        for event in events
    ]
    return {"events": orjson.dumps(rows).decode()}
