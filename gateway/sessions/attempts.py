"""Counts attempts to sign in where all gateway processes see them, and makes whoever guesses wait."""

import hashlib
from datetime import UTC, datetime
from math import ceil

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Refused
from gateway.sessions.models import SignInAttempts
from gateway.sessions.rules import FORGOTTEN_AFTER, wait_after

_row = SignInAttempts.__table__.c
_FIRST = {"username_digest": bindparam("digest"), "attempts": 1, "last_at": bindparam("now")}
_COUNT = (
    insert(SignInAttempts)
    .values(**_FIRST, blocked_until=bindparam("now"))
    .on_conflict_do_update(
        index_elements=[_row.username_digest],
        set_={
            "attempts": case((_row.last_at < bindparam("forgotten"), 1), else_=_row.attempts + 1),
            "last_at": bindparam("now"),
        },
        where=_row.blocked_until <= bindparam("now"),
    )
    .returning(_row.attempts)
)


def count(session: Session, username: str) -> None:
    """Count an attempt before its password is looked at, so that guesses at the same moment are all counted.

    Raises Refused `too_many_requests` with `retry_after` in seconds while the user name is blocked. The caller
    commits: the count must outlive a refusal.
    """
    now, digest = datetime.now(UTC), _digest(username)
    values = {"digest": digest, "now": now, "forgotten": now - FORGOTTEN_AFTER}
    attempts = session.scalar(_COUNT, values)
    if attempts is None:
        until = session.scalar(select(_row.blocked_until).where(_row.username_digest == digest)) or now
        seconds = max(1, ceil((until - now).total_seconds()))
        raise Refused("too_many_requests", params={"retry_after": str(seconds)})
    if wait := wait_after(attempts):
        blocked = update(SignInAttempts).where(_row.username_digest == digest).values(blocked_until=now + wait)
        session.execute(blocked)


def forgive(session: Session, username: str) -> None:
    """Begin anew after the right password."""
    session.execute(delete(SignInAttempts).where(_row.username_digest == _digest(username)))


def _digest(username: str) -> bytes:
    return hashlib.sha256(username.encode()).digest()
