"""The changes of a membership: each takes one step of the state table, writes its history and is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from chassis.states import step
from chassis.work import Work
from contracts.membership.posts import EndReason
from contracts.membership.register import Channel
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.states import NEW
from services.membership.organisation.tree import keep_acting
from services.membership.posts.commands import end_all
from services.membership.register.employments import main_work
from services.membership.register.lookup import left_on
from services.membership.register.models import Employment, Membership, MembershipChange
from services.membership.register.rules import MEMBERSHIP, Facts
from services.membership.register.telling import tell, told

#: Why somebody's posts end with a change: only who is a member, and not retained, can be elected (R-MEM-11, R-MEM-16).
_ENDS_POSTS: Mapping[str, EndReason] = MappingProxyType(
    {
        "move": EndReason.TRANSFERRED,
        "retain": EndReason.MEMBERSHIP_RETAINED,
        "withdraw": EndReason.LEFT_UNION,
        "expel": EndReason.EXPELLED,
        "record_death": EndReason.DIED,
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided about a membership."""

    #: Of the state table.
    command: str
    effective_on: date
    #: None where the real-name register has no code for it.
    change_type: ChangeType | None
    reason: ChangeReason | None = None
    #: Where the papers lie that it was decided by.
    document_refs: tuple[str, ...] = ()
    #: The union that takes the member over, and its region.
    moves_to: tuple[UUID, str] | None = None


def join(
    work: Work,
    employment: Employment,
    *,
    union_id: UUID,
    region_code: str,
    joined_on: date,
    channel: Channel,
    member_no: str | None,
    basis_application_id: UUID | None = None,
) -> Membership:
    """Make whose main work this is an active member of a union, whose region is `region_code`.

    The caller lets the constraint `ONE_MEMBERSHIP` answer `already_a_member`. Raises Refused `date_in_future`,
    `before_last_change` where the person was a member elsewhere on that day, and `union_not_approved`.
    """
    membership = Membership(
        region_code=region_code,
        person=employment.person,
        union_id=union_id,
        member_no=member_no,
        state=NEW,
        joined_on=joined_on,
        effective_on=joined_on,
        basis_application_id=basis_application_id,
    )
    keep_acting(work.session, [union_id])
    work.session.add(membership)
    change = Change("join", joined_on, ChangeType.JOINED)
    _take(work, membership, employment, change, left_on(work.session, employment.person_id), channel=channel)
    return membership


def make(work: Work, membership: Membership, change: Change, new_work: Employment | None = None) -> None:
    """Change a membership, as it follows the main work or a new one, and end the posts that its holder may not keep.

    Raises Refused by the guards of the state table.
    """
    _take(work, membership, new_work or main_work(work, membership), change, membership.effective_on)
    if reason := _ENDS_POSTS.get(change.command):
        assert membership.person.subject_key is not None, "whoever is erased is no member"
        # those who move keep what they hold in unions above the new one
        kept = membership.union_id if change.moves_to else None
        end_all(work, membership.person.subject_key, change.effective_on, reason, unless_above=kept)


def _take(
    work: Work, membership: Membership, employment: Employment, change: Change, last: date | None, **details: Any
) -> None:
    facts = Facts(
        work.today,
        change.effective_on,
        last,
        reason=change.reason,
        employment_state=employment.employment_state,
    )
    taken = step(MEMBERSHIP, membership.state, change.command, facts)
    membership.state, membership.effective_on = taken.target, change.effective_on
    left_id = None
    if change.command == "reinstate":
        keep_acting(work.session, [membership.union_id])
    if change.moves_to is not None:
        keep_acting(work.session, [change.moves_to[0]])
        left_id = membership.union_id
        membership.union_id, membership.region_code = change.moves_to
        details |= {"from_union": left_id, "to_union": membership.union_id}
    for name in taken.events:
        told_beside = {"change_type": change.change_type, "reason": change.reason, **details}
        tell(work, name, membership, told(membership, employment), **told_beside)
    work.session.add(_history(work, membership, change, left_id))


def _history(work: Work, membership: Membership, change: Change, left_id: UUID | None) -> MembershipChange:
    return MembershipChange(
        membership=membership,
        sequence=membership.event_sequence,
        change_type=change.change_type,
        reason=change.reason,
        state=membership.state,
        union_id=membership.union_id,
        from_union_id=left_id,
        effective_on=change.effective_on,
        document_refs=list(change.document_refs),
        decided_by=work.actor.id,
    )
