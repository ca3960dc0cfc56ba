"""Remembers who took each step of a record, so that nobody checks what they made and an audit finds who decided."""

from uuid import UUID

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from chassis.work import Work
from services.welfare.duties.models import StepTaken
from services.welfare.duties.rules import Takers

_TAKERS = (
    select(StepTaken.command, func.array_agg(StepTaken.actor_id.distinct()))
    .where(StepTaken.record_id == bindparam("record_id"))
    .group_by(StepTaken.command)
)


def remember(work: Work, record_id: UUID, command: str) -> None:
    """Keep that the actor took this step now."""
    values = {"record_id": record_id, "command": command, "actor_id": work.actor.id, "taken_on": work.today}
    work.session.connection().execute(insert(StepTaken), values)


def takers(session: Session, record_id: UUID) -> Takers:
    """Who took each step of a record so far."""
    rows = session.connection().execute(_TAKERS, {"record_id": record_id})
    return {command: frozenset(actors) for command, actors in rows}
