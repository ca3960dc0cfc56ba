"""Reading members: one, or a page of them; always of the actor's own unions, and always masked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.tree import Bind
from chassis.work import Reading
from contracts.membership import register as contract
from services.membership.register import people
from services.membership.register.models import Employment, Membership, Person
from services.membership.register.rules import MEMBERSHIP
from services.membership.register.telling import comes_from_outside
from services.membership.vault import Vault, vault

_MEMBERS = (
    select(
        *(Membership.id, Membership.version, Membership.region_code, Membership.union_id, Membership.member_no),
        *(Membership.state, Membership.joined_on, Membership.effective_on),
        *(*people.SEALED, Person.mobile, Person.subject_key, Person.birth_year, Person.sex, Person.ethnicity),
        *(Person.education, Person.household_region, Person.is_rural_migrant),
        *(Employment.employer_id, Employment.worker_category, Employment.is_industrial_worker),
        *(Employment.employee_no, Employment.skill_level, Employment.started_on.label("employed_since")),
    )
    .join(Person, Person.id == Membership.person_id)
    .join(Employment, (Employment.person_id == Person.id) & Employment.is_main)
)


@handles(contract.GetMember)
def get_member(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One membership; of another's unions there is none."""
    asked = _MEMBERS.where(Membership.id == bindparam("membership_id"), _own(reading))
    [shown] = _views(vault(reading), [reading.one(asked, request)])
    return shown


@handles(contract.ListMembers)
def list_members(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of memberships, newest first."""
    page = newest_first(reading, _MEMBERS.where(_own(reading)), request, Membership.id, _FILTERS)
    return {**page, "items": _views(vault(reading), page["items"])}


def one(bind: Bind, own: Vault, membership_id: UUID) -> dict[str, Any]:
    """The view of a membership that a command has changed."""
    [shown] = _views(own, bind.execute(_MEMBERS.where(Membership.id == membership_id)).mappings().all())
    return shown


def _own(reading: Reading) -> ColumnElement[bool]:
    return Membership.union_id.in_(reading.reach(contract.READERS))


_FILTERS: Filters = {
    "union": lambda reading, union: Membership.union_id.in_(reading.tree.below([union])),
    "state": lambda _, state: Membership.state == state,
    "category": lambda _, category: Employment.worker_category == category,
    "enterprise": lambda _, enterprise: Employment.employer_id == enterprise,
    "subject_key": lambda _, subject_key: Person.subject_key == subject_key,
    "member_no": lambda _, member_no: Membership.member_no == member_no,
}


def _views(own: Vault, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "out_of_province": comes_from_outside(row["household_region"], row["region_code"]),
            "actions": MEMBERSHIP.actions(row["state"]),
        }
        for row in people.masked(own, rows)
    ]
