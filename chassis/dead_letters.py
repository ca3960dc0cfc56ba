"""Keeps what could not be handled in a table, where an operator sees it, replays it or gives it up."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import orjson
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Database
from chassis.errors import Refused
from chassis.ladder import DEATH_ID, ERROR, REASON, attempts_in, body_of, first_failed_in, headers_of
from chassis.tables import dead_letter

#: Rows listed at most.
MOST_LISTED = 500


def store(database: Database, message: Any) -> None:
    """Put a message from the dead queue into the table; the same message twice is one row."""
    headers, body = headers_of(message), body_of(message)
    first = first_failed_in(headers)
    row = {
        "id": _death_id(headers, message, body),
        "event_id": _event_id(message, body),
        "event_type": _text(message.properties.get("type")),
        "body": body,
        "reason": _text(headers.get(REASON)) or "delivery_limit",
        "error": _text(headers.get(ERROR)) or "given up by the broker",
        "attempts": attempts_in(headers),
        "first_failed_at": None if first is None else datetime.fromtimestamp(first, UTC),
    }
    with database.writer.begin() as connection:
        connection.execute(insert(dead_letter).values(row).on_conflict_do_nothing(index_elements=["id"]))


def count(connection: Connection) -> int:
    """Dead letters that nobody has decided on."""
    return connection.scalar(select(func.count()).where(dead_letter.c.state == "open")) or 0


def listed(database: Database, state: str | None) -> list[dict[str, Any]]:
    """The newest dead letters, without their bodies."""
    columns = [column for column in dead_letter.c if column.name != "body"]
    query = select(*columns).order_by(dead_letter.c.died_at.desc()).limit(MOST_LISTED)
    if state is not None:
        query = query.where(dead_letter.c.state == state)
    with database.reader.connect() as connection:
        return [_shown(row) for row in connection.execute(query).mappings()]


def shown(database: Database, letter_id: UUID) -> dict[str, Any]:
    """One dead letter with its body. Raises Refused `not_found`."""
    with database.reader.connect() as connection:
        row = connection.execute(select(dead_letter).where(dead_letter.c.id == letter_id)).mappings().first()
    if row is None:
        raise Refused("not_found")
    return _shown(row) | {"body": bytes(row["body"]).decode("utf-8", "replace")}


def decide(database: Database, letter_id: UUID, state: str, operator: str, reason: str) -> Mapping[str, Any]:
    """Record what an operator decided about an open letter; gives its row. Raises Refused `not_found`."""
    decision = {"state": state, "decided_by": operator, "decision_reason": reason, "decided_at": func.clock_timestamp()}
    with database.writer.begin() as connection:
        row = connection.execute(
            update(dead_letter)
            .where(dead_letter.c.id == letter_id, dead_letter.c.state == "open")
            .values(decision)
            .returning(dead_letter)
        )
        decided = row.mappings().first()
    if decided is None:
        raise Refused("not_found")
    return dict(decided)


def _shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    # SQLAlchemy's names are a kind of str that orjson takes for no key
    hidden: dict[str, Any] = json.loads(orjson.dumps({str(key): row[key] for key in row if key != "body"}))
    return hidden


def _death_id(headers: Mapping[str, Any], message: Any, body: bytes) -> UUID:
    """Id of this death; the broker's own carry none, so their message and count of deaths stand for it."""
    if (given := _uuid(headers.get(DEATH_ID))) is not None:
        return given
    deaths = json.dumps(headers.get("x-death"), default=str, sort_keys=True)
    return uuid5(NAMESPACE_OID, f"{message.properties.get('message_id')}{deaths}{body.hex()}")


def _event_id(message: Any, body: bytes) -> UUID | None:
    return _uuid(message.properties.get("message_id")) or _uuid(_json_id(body))


def _uuid(found: Any) -> UUID | None:
    try:
        return UUID(found)
    except (TypeError, ValueError, AttributeError):
        return None


def _text(found: Any) -> str | None:
    """A text as PostgreSQL can hold it."""
    if not isinstance(found, str):
        return None
    return found.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def _json_id(body: bytes) -> Any:
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return envelope.get("id") if isinstance(envelope, dict) else None
