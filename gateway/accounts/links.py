"""Linking accounts to persons, with four eyes: an account has the roles of the posts that its person holds."""

from collections.abc import Mapping
from typing import Any

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import step
from chassis.work import Work
from contracts.gateway import accounts as contract
from gateway.accounts.four_eyes import decide, end
from gateway.accounts.models import ACCOUNT_LINKED, SUBJECT_LINKED, Account, AccountLink
from gateway.accounts.rules import LINK, Facts
from gateway.union_life.roles import is_known
from kernel.states import NEW


@handles(
    contract.ProposeAccountLink,
    conflicts={str(ACCOUNT_LINKED.name): "account_linked", str(SUBJECT_LINKED.name): "subject_linked"},
)
def propose_account_link(work: Work, request: Mapping[str, Any]) -> AccountLink:
    """Propose a link to a person of whom membership has told: to nobody yet, it would give powers unseen later."""
    if work.session.get(Account, request["account_id"]) is None:
        raise Refused("not_found", field="account_id")
    if not is_known(work.session, request["subject_key"]):
        raise Refused("not_yet_known", field="subject_key")
    taken = step(LINK, NEW, "propose", Facts(work.actor.id))
    link = AccountLink(**request, state=taken.target, proposed_by=work.actor.id)
    work.session.add(link)
    return link


@handles(contract.ApproveAccountLink, on=AccountLink)
def approve_account_link(work: Work, link: AccountLink, _: Mapping[str, Any]) -> AccountLink:
    """Approve a link; the account's next access token names the person and carries the roles."""
    return decide(work, link, LINK, "approve")


@handles(contract.RefuseAccountLink, on=AccountLink)
def refuse_account_link(work: Work, link: AccountLink, _: Mapping[str, Any]) -> AccountLink:
    """Refuse a link that was only proposed."""
    return decide(work, link, LINK, "refuse")


@handles(contract.EndAccountLink, on=AccountLink)
def end_account_link(work: Work, link: AccountLink, _: Mapping[str, Any]) -> AccountLink:
    """End a link, and with it all roles that follow from the person's posts and membership."""
    return end(work, link, LINK)
