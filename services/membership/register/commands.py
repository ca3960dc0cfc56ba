"""What changes memberships after they began."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from chassis.commands import handles
from chassis.work import Work
from contracts.membership import register as contract
from kernel.codes.membership_change import ChangeReason
from services.membership.register import changes
from services.membership.register.models import Employment, Membership
from services.membership.register.queries import one
from services.membership.vault import vault


@handles(contract.RetainMember, on=Membership)
def retain_member(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """Retain the membership of somebody without work or in retirement."""
    main = select(Employment).where(Employment.person_id == membership.person_id, Employment.is_main)
    reason = ChangeReason.read(request["reason"])
    changes.retain(work, membership, work.session.scalars(main).one(), reason=reason, since=request["effective_on"])
    work.session.flush()
    return one(work.session, vault(work), membership.id)
