"""What happens to a grant and to a link alike: another administrator decides on it, and its end takes powers away."""

from typing import TypeVar

from chassis.states import step
from chassis.work import Work
from gateway.accounts.models import Account, FourEyes
from gateway.accounts.rules import Facts
from kernel.states import Machine

PowersT = TypeVar("PowersT", bound=FourEyes)


def decide(work: Work, powers: PowersT, life: Machine[Facts], command: str, *, is_excluded: bool = False) -> PowersT:
    """Approve or refuse what was proposed. Raises Refused, `maker_is_checker` where the proposer approves."""
    facts = Facts(work.actor.id, proposed_by=powers.proposed_by, is_excluded=is_excluded)
    powers.state = step(life, powers.state, command, facts).target
    powers.decided_by = work.actor.id
    return powers


def end(work: Work, powers: PowersT, life: Machine[Facts]) -> PowersT:
    """End what holds; access tokens that tell of it are refused, and the next ones do not. Raises Refused."""
    # locked before the powers change: whoever proposes the same again holds the account and looks at them
    account = work.session.get_one(Account, powers.account_id, with_for_update=True)
    powers.state = step(life, powers.state, "end", Facts(work.actor.id)).target
    powers.ended_by = work.actor.id
    account.begin_epoch()
    return powers
