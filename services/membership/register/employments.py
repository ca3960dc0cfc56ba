"""The work of a person: the main one is what a membership follows (R-MEM-07)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

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
    _end_main(work, person.id)
    return note(work, person, details, is_main=True)


def note(work: Work, person: Person, details: Mapping[str, Any], *, is_main: bool = False) -> Employment:
    """Work that a person is said to have; nothing follows it until it is the main one."""
    noted = Employment(person=person, is_main=is_main, **details)
    work.session.add(noted)
    return noted


def follow(work: Work, employment: Employment) -> None:
    """Make noted work the person's main one."""
    _end_main(work, employment.person_id)
    employment.is_main = True


def main_work(work: Work, membership: Membership) -> Employment:
    """What a membership follows."""
    main = select(Employment).where(Employment.person_id == membership.person_id, Employment.is_main)
    return work.session.scalars(main).one()


def _end_main(work: Work, person_id: UUID) -> None:
    before = update(Employment).where(Employment.person_id == person_id, Employment.is_main)
    work.session.execute(before.values(is_main=False))
