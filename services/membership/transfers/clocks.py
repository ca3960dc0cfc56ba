"""What happens when the new union does not answer in time."""

from uuid import UUID

from chassis.dues import falls_due
from chassis.work import Work
from contracts.membership.transfers import TransferState
from services.membership.transfers.commands import end, membership_first
from services.membership.transfers.models import Transfer
from services.membership.transfers.rules import UNANSWERED


@falls_due(UNANSWERED)
def lapse(work: Work, transfer_id: UUID) -> None:
    """Let the request lapse, if nobody has answered it: the member stays (R-MEM-08)."""
    membership_first(work.session, transfer_id)
    transfer = work.session.get_one(Transfer, transfer_id, with_for_update=True)
    if transfer.state == TransferState.REQUESTED:
        end(work, transfer, "lapse")
