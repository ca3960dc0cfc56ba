"""What happens when the new union does not answer in time."""

from uuid import UUID

from chassis.dues import falls_due
from chassis.work import Work
from services.membership.transfers.commands import UNANSWERED, end, membership_first
from services.membership.transfers.models import Transfer


@falls_due(UNANSWERED)
def lapse(work: Work, transfer_id: UUID) -> None:
    """Let the request lapse: the member stays (R-MEM-08). An answer stops the clock, so there is none."""
    membership_first(work.session, transfer_id)
    transfer = work.session.get_one(Transfer, transfer_id, with_for_update=True)
    end(work, transfer, "lapse")
