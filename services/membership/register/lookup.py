"""Answers other capabilities' questions about a person by its subject key, so that they need not know the tables."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from chassis.tree import Bind
from contracts.membership.register import BELONGING, COUNTED, OVER
from services.membership.register.models import Employment, Membership, Person

_KNOWN = (
    select(Membership.union_id, Membership.state, Employment.is_industrial_worker)
    .select_from(Person)
    .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.state.in_(BELONGING)))
    .outerjoin(Employment, and_(Employment.person_id == Person.id, Employment.is_main))
    .where(Person.subject_key == bindparam("subject_key"))
)


_KEEP_ACTIVE = (
    select(Membership.id)
    .join(Person, Membership.person_id == Person.id)
    .where(Person.subject_key == bindparam("subject_key"), Membership.state.in_(COUNTED))
    .with_for_update(read=True, of=Membership)
)

_LEFT_ON = select(func.max(Membership.effective_on)).where(
    Membership.person_id == bindparam("person_id"), Membership.state.in_(OVER)
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the register: the union that it belongs to, if any, and its main work."""

    union_id: UUID | None
    #: Of the membership; None without one.
    state: str | None
    is_industrial_worker: bool

    def is_active_in(self, union_id: UUID) -> bool:
        """Whether the person is an active member of this union; one whose membership is retained is none (R-MEM-11)."""
        return self.union_id == union_id and self.state in COUNTED


def keep_active(session: Session, subject_key: str) -> None:
    """Let whoever changes the person's active membership wait for the end of this unit of work, or wait for them."""
    session.execute(_KEEP_ACTIVE, {"subject_key": subject_key})


def known(bind: Bind, subject_key: str) -> Known | None:
    """What the register has of a person now, or None if it knows no such person."""
    row = bind.execute(_KNOWN, {"subject_key": subject_key}).first()
    return None if row is None else Known(row.union_id, row.state, bool(row.is_industrial_worker))


def left_on(session: Session, person_id: UUID) -> date | None:
    """Since when the person's last membership is over; None for whoever never had one."""
    return session.scalar(_LEFT_ON, {"person_id": person_id})


_COUNTED_IN = select(func.count()).where(Membership.union_id == bindparam("union_id"), Membership.state.in_(COUNTED))


def counted_in(session: Session, union_id: UUID) -> int:
    """How many members of a union count; those of unions below it are not its own."""
    return session.scalar(_COUNTED_IN, {"union_id": union_id}) or 0
