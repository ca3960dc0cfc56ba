"""Taking the second factor off a locked-out account: with four eyes, and never one's own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import step
from chassis.work import Work
from contracts.gateway import second_factor as contract
from gateway.accounts.four_eyes import decide
from gateway.accounts.models import Account
from gateway.accounts.rules import Facts
from gateway.second_factor.models import ENROLLED, OPEN_REMOVAL, RecoveryCode, SecondFactor, SecondFactorRemoval
from gateway.second_factor.rules import REMOVAL
from gateway.sessions.ending import end_all
from kernel.states import NEW


@handles(contract.ProposeSecondFactorRemoval, conflicts={str(OPEN_REMOVAL.name): "removal_proposed"})
def propose_second_factor_removal(work: Work, request: Mapping[str, Any]) -> SecondFactorRemoval:
    """Propose to take off the factor that the account has now."""
    account_id = request["account_id"]
    taken = step(REMOVAL, NEW, "propose", Facts(work.actor.id, account_id=account_id))
    if work.session.get(Account, account_id) is None:
        raise Refused("not_found", field="account_id")
    factor_id = work.session.scalar(select(SecondFactor.id).where(SecondFactor.account_id == account_id, ENROLLED))
    if factor_id is None:
        raise Refused("no_second_factor", field="account_id")
    removal = SecondFactorRemoval(
        account_id=account_id, factor_id=factor_id, state=taken.target, proposed_by=work.actor.id
    )
    work.session.add(removal)
    return removal


@handles(contract.ApproveSecondFactorRemoval, on=SecondFactorRemoval)
def approve_second_factor_removal(
    work: Work, removal: SecondFactorRemoval, _: Mapping[str, Any]
) -> SecondFactorRemoval:
    """Take the factor off; whoever has the lost app may be signed in with it, and is out.

    Raises Refused `no_second_factor` where the owner has enrolled another app meanwhile.
    """
    # locked first, as by who signs in
    work.session.get_one(Account, removal.account_id, with_for_update=True)
    decide(work, removal, REMOVAL, "approve")
    gone = delete(SecondFactor).where(SecondFactor.id == removal.factor_id).returning(SecondFactor.id)
    if work.session.execute(gone).first() is None:
        raise Refused("no_second_factor")
    for table in (SecondFactor, RecoveryCode):
        work.session.execute(delete(table).where(table.account_id == removal.account_id))
    end_all(work.session, removal.account_id)
    return removal


@handles(contract.RefuseSecondFactorRemoval, on=SecondFactorRemoval)
def refuse_second_factor_removal(work: Work, removal: SecondFactorRemoval, _: Mapping[str, Any]) -> SecondFactorRemoval:
    """Refuse a removal that was only proposed."""
    return decide(work, removal, REMOVAL, "refuse")
