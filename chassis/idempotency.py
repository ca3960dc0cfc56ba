"""One key, one effect: a repeated command gets the answer that the first one got."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chassis.database import is_conflict
from chassis.errors import Refused
from chassis.tables import business_clock, idempotency

_CLAIM = (
    insert(idempotency)
    .values({name: bindparam(name) for name in ("actor_id", "key", "operation", "digest")})
    .on_conflict_do_nothing()
    .returning(select(business_clock.c.today).scalar_subquery())
)
_STORED = select(idempotency.c.digest, idempotency.c.reply).where(
    idempotency.c.actor_id == bindparam("actor_id"), idempotency.c.key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Either the answer that was given before, or the business day on which to work."""

    answered: bool
    reply: Any = None
    set_day: date | None = None


def digest(operation: str, payload: Mapping[str, Any], expected_version: int | None) -> bytes:
    """SHA-256 of what was asked, so that the same key with another request is noticed."""
    return hashlib.sha256(orjson.dumps([operation, payload, expected_version], option=orjson.OPT_SORT_KEYS)).digest()


def claim(session: Session, actor_id: UUID, key: str, operation: str, asked: bytes) -> Claim:
    """Take the key, or give the answer stored under it; waits while a twin is at work.

    Raises Refused `idempotency_key_reused` if the key belongs to another request of this actor, and `in_progress` if
    the twin does not end in time.
    """
    names = {"actor_id": actor_id, "key": key}
    try:
        row = session.execute(_CLAIM, {**names, "operation": operation, "digest": asked}).first()
    except OperationalError as error:
        if is_conflict(error):
            raise Refused("in_progress") from error
        raise
    if row is not None:
        return Claim(answered=False, set_day=row[0])
    stored = session.execute(_STORED, names).one()
    if bytes(stored.digest) != asked:
        raise Refused("idempotency_key_reused")
    return Claim(answered=True, reply=stored.reply)
