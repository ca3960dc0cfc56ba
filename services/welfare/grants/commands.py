"""What happens to a benefit once it is issued: somebody acknowledges it, or it comes back, or it no longer counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import refused, step
from chassis.work import Work
from contracts.roles import Role
from contracts.welfare import grants as contract
from contracts.welfare.batches import MAKERS
from contracts.welfare.grants import GrantState as State
from kernel.states import Transition
from services.welfare.batches.models import Batch
from services.welfare.batches.rules import BATCH, ListFacts
from services.welfare.duties import steps
from services.welfare.grants import lines
from services.welfare.grants.models import Benefit
from services.welfare.grants.rules import BENEFIT, Facts, proves_receipt
from services.welfare.grants.telling import tell_each
from services.welfare.programmes.models import Programme


def lock_its_list(session: Session, grant_id: UUID) -> None:
    """Lock the list of a benefit: everybody locks the list first, then the benefit, then the programme."""
    its_list = select(Benefit.batch_id).where(Benefit.id == grant_id).scalar_subquery()
    session.scalars(select(Batch).where(Batch.id == its_list).with_for_update()).first()


def is_own(work: Work, benefit: Benefit) -> bool:
    """Whether it is the actor who got it, as a member."""
    return work.actor.holds((Role.MEMBER,)) and work.actor.subject_key == benefit.subject_key


def check_right(work: Work, benefit: Benefit) -> None:
    """Oneself, and officers of the union that gave it. Raises Refused."""
    if not is_own(work, benefit):
        work.check_reach(benefit.org_id, MAKERS)


@handles(contract.RecordReceipts, on=Batch)
def record_receipts(work: Work, batch: Batch, request: Mapping[str, Any]) -> dict[str, Any]:
    """Record who signed on a day."""
    asked, kind = request["subject_keys"], request["receipt_kind"]
    _check_proof(kind, request["receipt_ref"], is_own=False)
    standing = lines.standing(work.session, batch.id, asked)
    waiting = [key for key, state in standing.items() if state == State.ISSUED]
    _settle_list(work, batch, "record_receipts", len(waiting))
    for place, key in enumerate(asked):
        if standing.get(key) not in (State.ISSUED, State.RECEIPTED):
            raise Refused("not_on_list", field=f"subject_keys.{place}")
    facts = Facts(work.actor.id, work.today, issued_on=batch.issued_on, received_on=request["received_on"])
    taken = step(BENEFIT, State.ISSUED, "receipt", facts)
    proof = {name: request[name] for name in ("received_on", "receipt_kind", "receipt_ref")}
    received = lines.move_and_tell(
        work.session, batch.id, State.ISSUED, taken.target, waiting, receipted_by=work.actor.id, **proof
    )
    programme = _locked_programme(work.session, batch)
    _spend(programme, sum(benefit.amount_fen for benefit in received))
    tell_each(work, batch, programme, received, taken, request["received_on"])
    steps.remember(work, batch.id, "record_receipts")
    return {"batch_id": batch.id, "recorded": len(received), "already_there": len(asked) - len(received)}


@handles(contract.ReceiptBenefit, on=Benefit, first=lock_its_list, right=check_right)
def receipt_benefit(work: Work, benefit: Benefit, request: Mapping[str, Any]) -> Benefit:
    """Acknowledge one benefit as its member or as an officer of the union that gave it."""
    taken = _step(work, benefit, "receipt", received_on=request["received_on"])
    _check_proof(request["receipt_kind"], request["receipt_ref"], is_own=is_own(work, benefit))
    benefit.received_on = request["received_on"]
    benefit.receipt_kind, benefit.receipt_ref = request["receipt_kind"], request["receipt_ref"]
    benefit.receipted_by = work.actor.id
    _settle_list(work, benefit.batch, "record_receipts", 1)
    _spend(_locked_programme(work.session, benefit.batch), benefit.amount_fen)
    return _tell(work, benefit, taken, request["received_on"])


@handles(contract.ReturnBenefit, on=Benefit, first=lock_its_list)
def return_benefit(work: Work, benefit: Benefit, request: Mapping[str, Any]) -> Benefit:
    """Free what was bound for something that came back."""
    taken = _step(work, benefit, "return")
    _settle_list(work, benefit.batch, "return", 1)
    _locked_programme(work.session, benefit.batch).committed_fen -= benefit.amount_fen
    return _end(work, benefit, taken, request["reason"])


@handles(contract.AskReversal, on=Benefit, first=lock_its_list)
def ask_reversal(work: Work, benefit: Benefit, request: Mapping[str, Any]) -> Benefit:
    """Keep who asks and why; until it is reversed it counts."""
    # locked before it is asked, so that the account is not settled meanwhile with the reversal open
    programme = _locked_programme(work.session, benefit.batch)
    _step(work, benefit, "ask_reversal", is_settled=programme.is_settled)
    benefit.reversal_asked_by, benefit.reversal_reason = work.actor.id, request["reason"]
    return benefit


@handles(contract.WithdrawReversal, on=Benefit, first=lock_its_list)
def withdraw_reversal(work: Work, benefit: Benefit, _request: Mapping[str, Any]) -> Benefit:
    """Forget who asked and why."""
    _step(work, benefit, "withdraw_reversal", reversal_asked_by=benefit.reversal_asked_by)
    benefit.reversal_asked_by = benefit.reversal_reason = None
    return benefit


@handles(contract.ReverseBenefit, on=Benefit, first=lock_its_list)
def reverse_benefit(work: Work, benefit: Benefit, _request: Mapping[str, Any]) -> Benefit:
    """Take it out of what was spent."""
    # locked before it is asked, so that the account is not settled meanwhile
    programme = _locked_programme(work.session, benefit.batch)
    asked = {"reversal_asked_by": benefit.reversal_asked_by, "is_settled": programme.is_settled}
    taken = _step(work, benefit, "reverse", **asked)
    programme.spent_fen -= benefit.amount_fen
    assert benefit.reversal_reason is not None
    return _end(work, benefit, taken, benefit.reversal_reason)


def _check_proof(kind: str, ref: str | None, is_own: bool) -> None:
    if refusal := proves_receipt(kind, ref, is_own):
        raise refused(refusal)


def _step(work: Work, benefit: Benefit, command: str, **asked: Any) -> Transition[Facts]:
    facts = Facts(work.actor.id, work.today, issued_by=benefit.issued_by, issued_on=benefit.batch.issued_on, **asked)
    return step(BENEFIT, benefit.state, command, facts)


def _settle_list(work: Work, batch: Batch, command: str, number: int) -> None:
    """Let the list know that so many of its benefits wait no longer; the last one completes it."""
    facts = ListFacts(work.actor.id, {}, batch.size, waiting=batch.waiting - number)
    taken = step(BATCH, batch.state, command, facts)
    batch.state, batch.waiting = taken.target, batch.waiting - number


def _locked_programme(session: Session, batch: Batch) -> Programme:
    return session.get_one(Programme, batch.programme_id, with_for_update=True)


def _spend(programme: Programme, amount_fen: int) -> None:
    programme.committed_fen -= amount_fen
    programme.spent_fen += amount_fen


def _end(work: Work, benefit: Benefit, taken: Transition[Facts], reason: str) -> Benefit:
    benefit.ended_because, benefit.ended_by, benefit.ended_at = reason, work.actor.id, work.now
    return _tell(work, benefit, taken, work.today)


def _tell(work: Work, benefit: Benefit, taken: Transition[Facts], on: date) -> Benefit:
    benefit.state = taken.target
    benefit.event_sequence += 1
    tell_each(work, benefit.batch, benefit.programme, [benefit], taken, on)
    return benefit
