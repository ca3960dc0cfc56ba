"""Ends sessions before their time: their access tokens are refused within a second, their refresh tokens at once."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from gateway.sessions.models import SignedInSession

_session = SignedInSession.__table__.c


def end(session: Session, session_id: UUID) -> None:
    """End one session; harmless if it is over."""
    _end(session, _session.id == session_id)


def end_all(session: Session, account_id: UUID) -> None:
    """End every session of an account."""
    _end(session, _session.account_id == account_id)


def end_others(session: Session, account_id: UUID, present: UUID) -> None:
    """End every session of an account but the present one."""
    _end(session, (_session.account_id == account_id) & (_session.id != present))


def _end(session: Session, which: ColumnElement[bool]) -> None:
    ended = update(SignedInSession).where(which, _session.ended_at.is_(None))
    session.execute(ended.values(ended_at=datetime.now(UTC)))
