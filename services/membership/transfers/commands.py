"""Asking another union to take a member over, and its answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import dues
from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import step
from chassis.work import Work
from contracts.membership import transfers as contract
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.states import NEW
from services.membership.posts.lookup import is_responsible
from services.membership.register.changes import Change, make
from services.membership.register.employments import check_employer, follow, note
from services.membership.register.models import Membership
from services.membership.transfers.models import Transfer
from services.membership.transfers.queries import one
from services.membership.transfers.rules import TRANSFER, UNANSWERED, Facts, answer_due
from services.membership.vault import vault


@handles(contract.RequestTransfer, on=Membership)
def request_transfer(work: Work, membership: Membership, request: Mapping[str, Any]) -> dict[str, Any]:
    """Record that a member is to move, and give the new union its time."""
    details, requested_on = request["employment"], request["requested_on"]
    target = work.tree.standing(work.session, request["to_union_id"], ())
    if target is None:
        raise Refused("not_found", field="to_union_id")
    facts = Facts(
        work.today,
        requested_on,
        target_state=target.state,
        is_there=request["to_union_id"] == membership.union_id,
        basis=request["basis"],
        names_work=details is not None,
    )
    taken = step(TRANSFER, NEW, "request_transfer", facts)
    if details is not None:
        check_employer(work, details)
    make(work, membership, Change("request_transfer", requested_on, None))
    transfer = Transfer(
        region_code=target.region_code,
        membership=membership,
        employment=note(work, membership.person, details) if details else None,
        from_union_id=membership.union_id,
        to_union_id=request["to_union_id"],
        basis=request["basis"],
        state=taken.target,
        requested_on=requested_on,
        # from today: what was asked on paper before is not known there any earlier
        answer_due=answer_due(target.region_code, work.today),
    )
    work.session.add(transfer)
    dues.schedule(work, UNANSWERED, transfer.id, on=transfer.answer_due + dues.ONE_DAY)
    return _view(work, transfer)


def membership_first(session: Session, transfer_id: UUID) -> None:
    """Lock the membership before its transfer, as whoever asks for one does."""
    found = session.get(Transfer, transfer_id)
    if found is not None:
        session.get(Membership, found.membership_id, with_for_update=True)


def asked_here(work: Work, transfer: Transfer) -> None:
    """Raise Refused `outside_scope` unless the actor may speak for the union that the member is to leave."""
    work.check_reach(transfer.from_union_id, contract.REQUESTERS)


@handles(contract.AcceptTransfer, on=Transfer, first=membership_first)
def accept_transfer(work: Work, transfer: Transfer, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the member over, with the work that was noted."""
    _answer(work, transfer, "accept", request["decided_on"])
    if transfer.employment is not None:
        follow(work, transfer.employment)
    change = Change(
        "move",
        request["decided_on"],
        ChangeType.TRANSFERRED_IN,
        ChangeReason.LABOUR_RELATION_CHANGED,
        moves_to=(transfer.to_union_id, transfer.region_code),
    )
    make(work, transfer.membership, change, transfer.employment)
    return _view(work, transfer)


@handles(contract.DeclineTransfer, on=Transfer, first=membership_first)
def decline_transfer(work: Work, transfer: Transfer, request: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the member where they are, with a reason."""
    _answer(work, transfer, "decline", request["decided_on"])
    transfer.decline_reason = request["reason"]
    make(work, transfer.membership, Change("stay", request["decided_on"], None))
    return _view(work, transfer)


@handles(contract.CancelTransfer, on=Transfer, first=membership_first, right=asked_here)
def cancel_transfer(work: Work, transfer: Transfer, _request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the request back."""
    end(work, transfer, "cancel")
    return _view(work, transfer)


def end(work: Work, transfer: Transfer, command: str) -> None:
    """Close a request that nobody answered: the member stays. Raises Refused `illegal_transition`."""
    transfer.state = step(TRANSFER, transfer.state, command, Facts(work.today, transfer.requested_on)).target
    _close(work, transfer, max(work.today, transfer.requested_on))
    make(work, transfer.membership, Change("stay", transfer.decided_on or work.today, None))


def _answer(work: Work, transfer: Transfer, command: str, decided_on: date) -> None:
    facts = Facts(
        work.today,
        transfer.requested_on,
        decided_on=decided_on,
        is_responsible=is_responsible(work, transfer.to_union_id),
    )
    transfer.state = step(TRANSFER, transfer.state, command, facts).target
    _close(work, transfer, decided_on)


def _close(work: Work, transfer: Transfer, decided_on: date) -> None:
    transfer.decided_on, transfer.decided_by = decided_on, work.actor.id
    dues.clear(work, UNANSWERED, transfer.id)


def _view(work: Work, transfer: Transfer) -> dict[str, Any]:
    work.session.flush()
    return one(work.session, vault(work), transfer.id)
