"""Whom a programme is for, asked alike by lists of benefits and by days of health checks."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from chassis.member_register import Member
from chassis.work import Work
from contracts.welfare.grants import Ineligibility
from services.welfare.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class Admission:
    """Whom something that a programme gives is for."""

    #: The union that gives it and all below it.
    unions: Collection[UUID]
    #: Worker categories; all where it is empty.
    categories: Collection[str]
    admits_retained: bool

    def obstacle(self, member: Member | None) -> Ineligibility | None:
        """The first reason why somebody, as the register knows them on the day, is not admitted; None if they are."""
        if member is None:
            return Ineligibility.NOT_A_MEMBER
        reasons = {
            Ineligibility.MEMBERSHIP_RETAINED: not member.is_active and not self.admits_retained,
            Ineligibility.OUTSIDE_UNION: member.union_id not in self.unions,
            Ineligibility.CATEGORY_NOT_ADMITTED: self.categories and member.worker_category not in self.categories,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


def admission(work: Work, programme: Programme, union_id: UUID) -> Admission:
    """Whom a union of the programme's may give something of it."""
    unions = frozenset(work.session.scalars(work.tree.below([union_id])))
    return Admission(unions, frozenset(programme.categories), programme.admits_retained)
