"""Ends the open request of a member who goes nowhere any more, whatever ended the membership."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from chassis import dues
from chassis.states import step
from chassis.work import Work
from contracts.membership.transfers import TransferState
from services.membership.transfers.models import Transfer
from services.membership.transfers.rules import TRANSFER, UNANSWERED, Facts


def close_open(work: Work, membership_id: UUID, on: date) -> None:
    """Call off what nobody has answered yet; the membership is locked already, as before each answer."""
    asked = select(Transfer).where(Transfer.membership_id == membership_id, Transfer.state == TransferState.REQUESTED)
    transfer = work.session.scalars(asked.with_for_update()).one_or_none()
    if transfer is not None:
        transfer.state = step(TRANSFER, transfer.state, "cancel", Facts(work.today, transfer.requested_on)).target
        transfer.decided_on, transfer.decided_by = max(on, transfer.requested_on), work.actor.id
        dues.clear(work, UNANSWERED, transfer.id)
