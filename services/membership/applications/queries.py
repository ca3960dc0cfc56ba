"""Reading applications: one, or a page of them; always to the actor's own unions, and always masked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
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
    statement = _APPLICATIONS.where(Application.id == request["application_id"], _own(reading))
    row = reading.connection.execute(statement).mappings().first()
    if row is None:
        raise Refused("not_found")
    [shown] = _views(vault(reading), [row])
    return shown


@handles(contract.ListApplications)
def list_applications(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of applications, newest first."""
    asked = [_FILTERS[name](reading, value) for name, value in request.items() if name in _FILTERS]
    statement = _APPLICATIONS.where(_own(reading), *asked).order_by(Application.id.desc()).limit(request["limit"] + 1)
    rows = reading.connection.execute(statement).mappings().all()
    return page(_views(vault(reading), rows), request["limit"], lambda row: row["id"])


def one(bind: Bind, own: Vault, application_id: UUID) -> dict[str, Any]:
    """The view of an application that a command has made or decided."""
    [shown] = _views(own, bind.execute(_APPLICATIONS.where(Application.id == application_id)).mappings().all())
    return shown


def _own(reading: Reading) -> ColumnElement[bool]:
    return Application.union_id.in_(reading.tree.below(reading.actor.roots(contract.READERS)))


_FILTERS: Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]] = {
    "union": lambda reading, union: Application.union_id.in_(reading.tree.below([union])),
    "state": lambda _, state: Application.state == state,
    "cursor": lambda _, cursor: Application.id < decode_id(cursor),
}


def _views(own: Vault, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    return [{**row, "actions": APPLICATION.actions(row["state"])} for row in people.masked(own, rows)]
