"""Reading applications: one, or a page of them; always to the actor's own unions, and always masked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.tree import Bind
from chassis.work import Reading
from contracts.membership import applications as contract
from services.membership.applications.models import MembershipApplication as Application
from services.membership.applications.rules import APPLICATION
from services.membership.register import people
from services.membership.register.models import Employment, Membership, Person
from services.membership.vault import Vault, vault

_APPLICATIONS = (
    select(
        *(Application.id, Application.version, Application.union_id, Application.channel, Application.state),
        *(Application.applied_on, Application.decided_on, Application.reject_reason),
        *(*people.SEALED, Person.subject_key),
        *(Employment.worker_category, Membership.id.label("membership_id")),
    )
    .join(Person, Person.id == Application.person_id)
    .join(Employment, Employment.id == Application.employment_id)
    .outerjoin(Membership, Membership.basis_application_id == Application.id)
)


@handles(contract.GetApplication)
def get_application(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One application; to another's unions there is none."""
    asked = _APPLICATIONS.where(Application.id == bindparam("application_id"), _own(reading))
    [shown] = _views(vault(reading), [reading.one(asked, request)])
    return shown


@handles(contract.ListApplications)
def list_applications(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of applications, newest first."""
    page = newest_first(reading, _APPLICATIONS.where(_own(reading)), request, Application.id, _FILTERS)
    return {**page, "items": _views(vault(reading), page["items"])}


def one(bind: Bind, own: Vault, application_id: UUID) -> dict[str, Any]:
    """The view of an application that a command has made or decided."""
    [shown] = _views(own, bind.execute(_APPLICATIONS.where(Application.id == application_id)).mappings().all())
    return shown


def _own(reading: Reading) -> ColumnElement[bool]:
    return Application.union_id.in_(reading.reach(contract.READERS))


_FILTERS: Filters = {
    "union": lambda reading, union: Application.union_id.in_(reading.tree.below([union])),
    "state": lambda _, state: Application.state == state,
}


def _views(own: Vault, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    return [{**row, "actions": APPLICATION.actions(row["state"])} for row in people.masked(own, rows)]
