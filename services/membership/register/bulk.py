"""Makes members by the thousand, over the same seal, state table and events as one at a time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, update

from chassis.errors import Refused
from chassis.keystore import PersonKey
from chassis.many_rows import insert_rows
from chassis.states import step
from chassis.work import Work
from contracts.membership.register import Channel
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.ids import new_id
from kernel.states import NEW
from services.membership.organisation.tree import keep_acting
from services.membership.register import people
from services.membership.register.identity import Identity
from services.membership.register.models import ONE_MEMBERSHIP, Employment, Membership, MembershipChange, Person
from services.membership.register.rules import MEMBERSHIP, Facts
from services.membership.register.telling import comes_from_outside, tell
from services.membership.vault import Vault, vault

#: What lets no second row stand beside a first.
_ONE_PERSON = {"index_elements": [Person.document_index]}
_ONE_MEMBERSHIP = {
    "index_elements": ONE_MEMBERSHIP.columns,
    "index_where": ONE_MEMBERSHIP.dialect_options["postgresql"]["where"],
}


class Raced(Exception):
    """Another unit of work made one of these people a member or erased one; look who they are, and do all again."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who becomes a member of a union, and of which work."""

    identity: Identity
    #: The columns of the person's row, as `sealed` gives them.
    row: Mapping[str, Any]
    #: As `contracts.membership.register.PersonDetails` and `EmploymentDetails`.
    person: Mapping[str, Any]
    employment: Mapping[str, Any]
    union_id: UUID
    #: Of the union.
    region_code: str
    member_no: str | None
    joined_on: date
    #: Why the membership is retained from the first day on; None for one that counts.
    retained_for: ChangeReason | None


@dataclass(slots=True)
class _Made:
    """A membership on its way into the tables, as far as its events need it."""

    newcomer: Newcomer
    id: UUID
    region_code: str
    state: str = NEW
    event_sequence: int = 0

    @property
    def org_id(self) -> UUID:
        return self.newcomer.union_id


def sealed(
    own: Vault, key: PersonKey, identity: Identity, person: Mapping[str, Any], consent_version: str
) -> dict[str, Any]:
    """The row of a person whom the register may not know; neither database nor loop is touched: a thread may do it."""
    person_id = UUID(new_id())
    return {
        **people.columns(own, key, person_id, identity, person),
        "id": person_id,
        "key_id": key.id,
        "subject_key": own.subject_key(key),
        "consent_version": consent_version,
    }


def store(work: Work, newcomers: Sequence[Newcomer], known: Collection[bytes]) -> None:
    """Make them members, who are none and locked where the register knows them; `known` has their document indexes.

    Raises Raced, and Refused by the state table or because a union was dissolved meanwhile.
    """
    keep_acting(work.session, {one.union_id for one in newcomers})
    connection = work.session.connection()
    new = [one.row for one in newcomers if one.row["document_index"] not in known]
    # always in the same order, so that two who add the same people cannot wait for each other in a circle
    new.sort(key=lambda row: row["document_index"])
    if insert_rows(connection, _table(Person), new, **_ONE_PERSON) < len(new):
        raise Raced
    newcomers = [_renewed(work, one) if one.row["document_index"] in known else one for one in newcomers]
    made = [_Made(one, UUID(new_id()), one.region_code) for one in newcomers]
    changes = [row for one in made for row in _steps(work, one)]
    insert_rows(connection, _table(Employment), [_employment(one) for one in newcomers])
    if insert_rows(connection, _table(Membership), [_membership(one) for one in made], **_ONE_MEMBERSHIP) < len(made):
        raise Raced
    insert_rows(connection, _table(MembershipChange), changes)


def _renewed(work: Work, one: Newcomer) -> Newcomer:
    """The person whom the register has in place of the one that was sealed, whose key stays unused."""
    own = vault(work)
    person = people.find(work.session, own, one.identity)
    if person is None:
        raise Raced
    try:
        people.renew(own, person, one.identity, one.person, one.row["consent_version"])
    except Refused as refused:
        if refused.code != "being_erased":
            raise
        raise Raced from None
    before = update(Employment).where(Employment.person_id == person.id, Employment.is_main)
    work.session.execute(before.values(is_main=False))
    work.session.flush()
    return replace(one, row={**one.row, "id": person.id, "subject_key": person.subject_key})


def _steps(work: Work, made: _Made) -> Iterator[dict[str, Any]]:
    """Take each step of the new membership, and tell of it; gives the rows of its history."""
    newcomer = made.newcomer
    yield _step(work, made, "join", ChangeType.JOINED, channel=Channel.IMPORT)
    if newcomer.retained_for is not None:
        yield _step(work, made, "retain", ChangeType.RETAINED, reason=newcomer.retained_for)


def _step(work: Work, made: _Made, command: str, change: ChangeType, **details: str) -> dict[str, Any]:
    newcomer = made.newcomer
    since, reason = newcomer.joined_on, newcomer.retained_for
    taken = step(MEMBERSHIP, made.state, command, Facts(work.today, since, since, reason=reason))
    made.state = taken.target
    for event in taken.events:
        tell(work, event, made, _told(made), **details)
    return {
        "id": UUID(new_id()),
        "membership_id": made.id,
        "sequence": made.event_sequence,
        "change_type": change,
        "reason": details.get("reason"),
        "state": made.state,
        "union_id": newcomer.union_id,
        "effective_on": since,
        "decided_by": work.actor.id,
    }


def _told(made: _Made) -> dict[str, Any]:
    newcomer, row, work = made.newcomer, made.newcomer.row, made.newcomer.employment
    return {
        "membership_id": made.id,
        "subject_key": row["subject_key"],
        "union_id": newcomer.union_id,
        "employer_id": work["employer_id"],
        "state": made.state,
        "worker_category": work["worker_category"],
        "is_industrial_worker": work["is_industrial_worker"],
        "out_of_province": comes_from_outside(newcomer.person["household_region"], newcomer.region_code),
        "sex": row["sex"],
        "skill_level": work["skill_level"],
        "employed_since": work["started_on"],
        "joined_on": newcomer.joined_on,
        "effective_on": newcomer.joined_on,
    }


def _employment(one: Newcomer) -> dict[str, Any]:
    return {**one.employment, "id": UUID(new_id()), "person_id": one.row["id"]}


def _membership(made: _Made) -> dict[str, Any]:
    newcomer = made.newcomer
    return {
        "id": made.id,
        "version": 1,
        "event_sequence": made.event_sequence,
        "region_code": newcomer.region_code,
        "person_id": newcomer.row["id"],
        "union_id": newcomer.union_id,
        "member_no": newcomer.member_no,
        "state": made.state,
        "joined_on": newcomer.joined_on,
        "effective_on": newcomer.joined_on,
    }


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table
