"""Answers programmes' questions about what was given of them, so that they need not know the table."""

from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from contracts.welfare.grants import GrantState
from services.welfare.grants.models import Benefit

_REVERSAL_OPEN = select(
    exists()
    .where(Benefit.programme_id == bindparam("programme_id"), Benefit.state == GrantState.RECEIPTED)
    .where(Benefit.reversal_asked_by.is_not(None))
)


def has_reversal_open(session: Session, programme_id: UUID) -> bool:
    """Whether finance has asked to reverse something that the programme gave, and it counts still."""
    return bool(session.scalar(_REVERSAL_OPEN, {"programme_id": programme_id}))
