"""The changes of a membership: each takes one step of the state table, writes its history and is told at once."""

from datetime import date
from uuid import UUID

from chassis.states import step
from chassis.work import Work
from contracts.membership.posts import EndReason
from contracts.membership.register import Channel
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.states import NEW
from services.membership.posts.commands import end_all
from services.membership.register.models import Employment, Membership, MembershipChange
from services.membership.register.rules import MEMBERSHIP, Facts
from services.membership.register.telling import tell, told


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

    The caller lets the constraint `ONE_MEMBERSHIP` answer `already_a_member`. Raises Refused `date_in_future`.
    """
    taken = step(MEMBERSHIP, NEW, "join", Facts(work.today, joined_on, joined_on))
    membership = Membership(
        region_code=region_code,
        person=employment.person,
        union_id=union_id,
        member_no=member_no,
        state=taken.target,
        joined_on=joined_on,
        effective_on=joined_on,
        basis_application_id=basis_application_id,
    )
    _record(work, membership, ChangeType.JOINED)
    for name in taken.events:
        tell(work, name, membership, told(membership, employment), channel=channel)
    return membership


def retain(work: Work, membership: Membership, employment: Employment, *, reason: ChangeReason, since: date) -> None:
    """Retain a membership, whose holder's main work is told as it stands, and end the holder's posts (R-MEM-11).

    Raises Refused by `may_be_retained`.
    """
    facts = Facts(work.today, membership.joined_on, since, reason)
    taken = step(MEMBERSHIP, membership.state, "retain", facts)
    membership.state, membership.effective_on = taken.target, since
    _record(work, membership, ChangeType.RETAINED, reason)
    for name in taken.events:
        tell(work, name, membership, told(membership, employment), reason=reason)
    assert membership.person.subject_key is not None, "whoever is erased is no member"
    end_all(work, membership.person.subject_key, since, EndReason.MEMBERSHIP_RETAINED)


def _record(work: Work, membership: Membership, change: ChangeType, reason: ChangeReason | None = None) -> None:
    row = MembershipChange(
        membership=membership,
        change_type=change,
        reason=reason,
        effective_on=membership.effective_on,
        decided_by=work.actor.id,
    )
    work.session.add(row)
