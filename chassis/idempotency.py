"""One key, one effect: a repeated command gets the answer that the first one got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chassis.database import is_conflict
from chassis.errors import Refused
from kernel.crypto import sm3

_CLAIM = text(
    """
    INSERT INTO idempotency (actor_id, key, operation, digest) VALUES (:actor_id, :key, :operation, :digest)
    ON CONFLICT DO NOTHING
    RETURNING (SELECT today FROM business_clock)
    """
)
#: The key of the command at work: nobody sees that of another before its reply stands beside it.
_RELEASE = text("DELETE FROM idempotency WHERE actor_id = :actor_id AND reply IS NULL")
_STORED = text("SELECT digest, reply FROM idempotency WHERE actor_id = :actor_id AND key = :key")


@dataclass(frozen=True, slots=True)
class Claim:
    """Either the answer that was given before, or the business day on which to work."""

    answered: bool
    reply: Any = None
    set_day: date | None = None


def digest(key: bytes, operation: str, payload: Mapping[str, Any], expected_version: int | None) -> bytes:
    """HMAC-SM3 of what was asked, so that the same idempotency key with another request is noticed.

    `key` is the service's own (at least 16 bytes): without one, whoever reads the table could find out the numbers of
    persons by trying all that there are.
    """
    return sm3.hmac(key, orjson.dumps([operation, payload, expected_version], option=orjson.OPT_SORT_KEYS))


def claim(session: Session, actor_id: UUID, key: str, operation: str, asked: bytes) -> Claim:
    """Take the key, or give the answer stored under it; waits while a twin is at work.

    Raises Refused `idempotency_key_reused` if the key belongs to another request of this actor, and `in_progress` if
    the twin does not end in time.
    """
    connection = session.connection()
    names = {"actor_id": actor_id, "key": key}
    try:
        row = connection.execute(_CLAIM, {**names, "operation": operation, "digest": asked}).first()
    except OperationalError as error:
        if is_conflict(error):
            raise Refused("in_progress") from error
        raise
    if row is not None:
        return Claim(answered=False, set_day=row[0])
    stored = connection.execute(_STORED, names).one()
    if bytes(stored.digest) != asked:
        raise Refused("idempotency_key_reused")
    return Claim(answered=True, reply=stored.reply)


def release(session: Session, actor_id: UUID) -> None:
    """Let go of the key of the command at work, so that it may commit what has to outlive its refusal.

    A refused command leaves its key free, and a key without an answer must never be seen by others. Harmless without
    a key.
    """
    session.execute(_RELEASE, {"actor_id": actor_id})
