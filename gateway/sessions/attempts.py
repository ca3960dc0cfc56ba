"""Counts attempts to sign in where all gateway processes see them, and makes whoever guesses wait, not the owner."""

import hashlib
from datetime import UTC, datetime
from math import ceil

from sqlalchemy import bindparam, case, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Refused
from gateway.sessions.models import SignedInSession, SignInAttempts
from gateway.sessions.rules import FORGOTTEN_AFTER, FREE_ATTEMPTS, STRANGERS_ATTEMPTS, client_at, wait_after

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
_FAMILIAR = select(exists().where(SignedInSession.client_digest == bindparam("client")))


def count(session: Session, username: str, address: str) -> None:
    """Count an attempt before its password is looked at, so that guesses at the same moment are all counted.

    It counts for the client at the address and, unless the account has signed in from there before, for all strangers
    together. Raises Refused `too_many_requests` with `retry_after` in seconds while either is blocked. The caller
    commits: the count must outlive a refusal.
    """
    now, client = datetime.now(UTC), client_digest(username, address)
    _count(session, client, now, FREE_ATTEMPTS)
    if not session.scalar(_FAMILIAR, {"client": client}):
        # the day is part of what is counted: one client that never stops must not add up to a block of all
        _count(session, _digest(username, "day", now.date().isoformat()), now, STRANGERS_ATTEMPTS)


def forgive(session: Session, username: str, address: str) -> None:
    """Begin anew for a client that had the right password; guesses from elsewhere stay counted."""
    session.execute(delete(SignInAttempts).where(_row.username_digest == client_digest(username, address)))


def client_digest(username: str, address: str) -> bytes:
    """What the database keeps of a user name and where it was used."""
    return _digest(username, "client", client_at(address))


def _count(session: Session, digest: bytes, now: datetime, free: int) -> None:
    values = {"digest": digest, "now": now, "forgotten": now - FORGOTTEN_AFTER}
    attempts = session.scalar(_COUNT, values)
    if attempts is None:
        until = session.scalar(select(_row.blocked_until).where(_row.username_digest == digest)) or now
        seconds = max(1, ceil((until - now).total_seconds()))
        raise Refused("too_many_requests", params={"retry_after": str(seconds)})
    if wait := wait_after(attempts, free):
        blocked = update(SignInAttempts).where(_row.username_digest == digest).values(blocked_until=now + wait)
        session.execute(blocked)


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
