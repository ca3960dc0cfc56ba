"""What changes memberships after they began."""

from collections.abc import Mapping
from typing import Any

from chassis.commands import handles
from chassis.states import step
from chassis.work import Work
from contracts.membership import register as contract
from kernel.codes.membership_change import ChangeReason, ChangeType
from services.membership.register.changes import Change, make
from services.membership.register.employments import check_employer, employ
from services.membership.register.models import Employment, Membership
from services.membership.register.queries import one
from services.membership.register.rules import MEMBERSHIP, Facts
from services.membership.transfers.closing import close_open
from services.membership.vault import vault


@handles(contract.RetainMember, on=Membership)
def retain_member(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """Retain the membership of somebody without work or in retirement."""
    reason = ChangeReason.read(request["reason"])
    return _changed(work, membership, Change("retain", request["effective_on"], ChangeType.RETAINED, reason))


@handles(contract.ReinstateMember, on=Membership)
def reinstate_member(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make a retained membership count again, with the work that the person has now."""
    check_employer(work, request["employment"])
    employment = employ(work, membership.person, request["employment"])
    change = Change("reinstate", request["effective_on"], None, ChangeReason.LABOUR_RELATION_CHANGED)
    return _changed(work, membership, change, employment)


@handles(contract.DeclareWithdrawal, on=Membership)
def declare_withdrawal(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """End a membership by its holder's own wish."""
    change = Change(
        "withdraw",
        request["effective_on"],
        ChangeType.WITHDRAWN,
        ChangeReason.OWN_REQUEST,
        document_refs=(request["request_ref"],),
    )
    return _changed(work, membership, change)


@handles(contract.ExpelMember, on=Membership)
def expel_member(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """End a membership for a crime."""
    change = Change(
        "expel",
        request["effective_on"],
        ChangeType.EXPELLED,
        ChangeReason.CRIME,
        document_refs=(request["court_document_ref"], request["group_opinion_ref"]),
    )
    return _changed(work, membership, change)


@handles(contract.FileExpulsion, on=Membership)
def file_expulsion(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """Record that the union above has it in its files; what others hold of the membership stays as it is."""
    is_filed = membership.expulsion_filed_on is not None
    facts = Facts(work.today, request["filed_on"], membership.effective_on, is_filed=is_filed)
    membership.state = step(MEMBERSHIP, membership.state, "file_expulsion", facts).target
    membership.expulsion_filed_on = request["filed_on"]
    return _view(work, membership)


@handles(contract.RecordDeath, on=Membership)
def record_death(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """End a membership with its holder's life."""
    close_open(work, membership.id, request["effective_on"])
    document_refs = tuple(filter(None, (request["document_ref"],)))
    return _changed(work, membership, Change("record_death", request["effective_on"], None, None, document_refs))


def _changed(work: Work, membership: Membership, change: Change, new_work: Employment | None = None) -> dict[str, Any]:
    make(work, membership, change, new_work)
    return _view(work, membership)


def _view(work: Work, membership: Membership) -> dict[str, Any]:
    work.session.flush()
    return one(work.session, vault(work), membership.id)
