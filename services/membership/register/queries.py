"""Reading members, now or as of a day; always of the actor's own unions, and always masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, select, true

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.tree import Bind
from chassis.work import Reading
from contracts.membership import register as contract
from services.membership.register import people
from services.membership.register.models import Employment, Membership, MembershipChange, Person
from services.membership.register.rules import actions
from services.membership.register.telling import comes_from_outside
from services.membership.vault import Vault, vault

_CHANGES = (
    select(
        *(MembershipChange.change_type, MembershipChange.reason, MembershipChange.state, MembershipChange.union_id),
        *(MembershipChange.from_union_id, MembershipChange.effective_on, MembershipChange.document_refs),
    )
    .where(MembershipChange.membership_id == bindparam("membership_id"))
    .order_by(MembershipChange.sequence)
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """To which union somebody belongs, in which state and since when."""

    union_id: ColumnElement[UUID]
    state: ColumnElement[str]
    effective_on: ColumnElement[date]
    #: Memberships that have these, as something to select from.
    memberships: Any


_NOW = _Standing(
    Membership.__table__.c.union_id, Membership.__table__.c.state, Membership.__table__.c.effective_on, Membership
)


@handles(contract.GetMember)
def get_member(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One membership; of another's unions there is none."""
    [shown] = _views(vault(reading), [reading.one(_ONE.where(_own(reading, _NOW)), request)])
    return shown


@handles(contract.GetMemberHistory)
def get_member_history(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """How one membership came to be what it is; of another's unions there is none."""
    reading.one(_ONE.where(_own(reading, _NOW)), request)
    return {"changes": reading.connection.execute(_CHANGES, request).mappings().all()}


@handles(contract.ListMembers)
def list_members(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of memberships, newest first."""
    standing = _as_of(request["as_of"]) if "as_of" in request else _NOW
    asked = _members(standing).where(_own(reading, standing))
    page = newest_first(reading, asked, request, Membership.id, _filters(standing))
    shown = _views(vault(reading), page["items"])
    # what can be done is so now, and not of a day
    return {**page, "items": [{**view, "actions": ()} for view in shown] if "as_of" in request else shown}


def one(bind: Bind, own: Vault, membership_id: UUID) -> dict[str, Any]:
    """The view of a membership that a command has changed."""
    [shown] = _views(own, bind.execute(_ONE, {"membership_id": membership_id}).mappings().all())
    return shown


def _members(standing: _Standing) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Membership.id, Membership.version, Membership.region_code, Membership.member_no, Membership.joined_on),
            *(standing.union_id, standing.state, standing.effective_on, Membership.expulsion_filed_on),
            *(*people.SEALED, Person.mobile, Person.subject_key, Person.birth_year, Person.sex, Person.ethnicity),
            *(Person.education, Person.household_region, Person.is_rural_migrant),
            *(Employment.employer_id, Employment.worker_category, Employment.is_industrial_worker),
            *(Employment.employee_no, Employment.skill_level, Employment.started_on.label("employed_since")),
        )
        .select_from(standing.memberships)
        .join(Person, Person.id == Membership.person_id)
        .join(Employment, (Employment.person_id == Person.id) & Employment.is_main)
    )


_ONE = _members(_NOW).where(Membership.id == bindparam("membership_id"))


def _as_of(day: date) -> _Standing:
    """As the last change that had begun by then left it; of a day with several, the last one."""
    then = (
        select(MembershipChange.union_id, MembershipChange.state, MembershipChange.effective_on)
        .where(MembershipChange.membership_id == Membership.id, MembershipChange.effective_on <= day)
        .order_by(MembershipChange.effective_on.desc(), MembershipChange.sequence.desc())
        .limit(1)
        .lateral("then")
    )
    memberships = Membership.__table__.join(then, true())
    return _Standing(then.c.union_id, then.c.state, then.c.effective_on, memberships)


def _own(reading: Reading, standing: _Standing) -> ColumnElement[bool]:
    return standing.union_id.in_(reading.reach(contract.READERS))


def _filters(standing: _Standing) -> Filters:
    return {
        "union": lambda reading, union: standing.union_id.in_(reading.tree.below([union])),
        "state": lambda _, state: standing.state == state,
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
            "actions": actions(row["state"], is_filed=row["expulsion_filed_on"] is not None),
        }
        for row in people.masked(own, rows)
    ]
