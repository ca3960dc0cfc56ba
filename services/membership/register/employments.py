"""The work of a person: the main one is what a membership follows (R-MEM-07)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from chassis.errors import Refused
from chassis.work import Work
from services.membership.enterprises.directory import are_registered
from services.membership.register.models import Employment, Membership, Person


def check_employer(work: Work, details: Mapping[str, Any]) -> None:
    """Raise Refused `unknown_enterprise` where `EmploymentDetails` name one that is not registered."""
    if not are_registered(work.session, {details["employer_id"]} - {None}):
        raise Refused("unknown_enterprise", field="employment.employer_id")


def employ(work: Work, person: Person, details: Mapping[str, Any]) -> Employment:
    """The work that a person has now, from `EmploymentDetails`; what was the main one before is so no longer."""
    before = update(Employment).where(Employment.person_id == person.id, Employment.is_main)
    work.session.execute(before.values(is_main=False))
    now = Employment(person=person, **details)
    work.session.add(now)
    return now


def main_work(work: Work, membership: Membership) -> Employment:
    """What a membership follows."""
    main = select(Employment).where(Employment.person_id == membership.person_id, Employment.is_main)
    return work.session.scalars(main).one()
