"""What happens to all proposals alike: another administrator decides; the end of what gave powers takes them away."""

from typing import TypeVar

from chassis.states import step
from chassis.work import Work
from gateway.accounts.models import Account
from gateway.accounts.proposals import FourEyes, Powers
from gateway.accounts.rules import Facts
from kernel.states import Machine

ProposalT = TypeVar("ProposalT", bound=FourEyes)
PowersT = TypeVar("PowersT", bound=Powers)


def decide(
    work: Work, proposal: ProposalT, life: Machine[Facts], command: str, *, is_excluded: bool = False
) -> ProposalT:
    """Approve or refuse what was proposed. Raises Refused, `maker_is_checker` where the proposer approves."""
    facts = Facts(
        work.actor.id, account_id=proposal.account_id, proposed_by=proposal.proposed_by, is_excluded=is_excluded
    )
    proposal.state = step(life, proposal.state, command, facts).target
    proposal.decided_by = work.actor.id
    return proposal


def end(work: Work, powers: PowersT, life: Machine[Facts]) -> PowersT:
    """End what holds; access tokens that tell of it are refused, and the next ones do not. Raises Refused."""
    # locked before the powers change: whoever proposes the same again holds the account and looks at them
    account = work.session.get_one(Account, powers.account_id, with_for_update=True)
    powers.state = step(life, powers.state, "end", Facts(work.actor.id)).target
    powers.ended_by = work.actor.id
    account.begin_epoch()
    return powers
