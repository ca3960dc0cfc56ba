"""What changes a list as a whole, from its first line to the day on which it is given out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.commands import handles
from chassis.errors import Refused
from chassis.member_register import Member, members_on
from chassis.states import step
from chassis.work import Work
from contracts.welfare import batches as contract
from contracts.welfare.grants import GrantState as State
from contracts.welfare.grants import Ineligibility
from contracts.welfare.programmes import BenefitForm
from kernel.states import Transition
from services.welfare.batches.models import Batch
from services.welfare.batches.rules import BATCH, Line, ListFacts, list_hash
from services.welfare.duties import steps
from services.welfare.grants import lines
from services.welfare.grants.rules import BENEFIT, Facts
from services.welfare.grants.telling import tell_each
from services.welfare.programmes.admission import admission
from services.welfare.programmes.models import Programme


@handles(contract.StartBatch)
def start_batch(work: Work, request: Mapping[str, Any]) -> Batch:
    """Start an empty list of an open programme."""
    assert work.standing is not None
    programme = work.session.get(Programme, request["programme_id"])
    if programme is None:
        raise Refused("not_found")
    if not programme.is_open:
        raise Refused("programme_not_open")
    if not work.tree.reaches(work.session, request["union_id"], [programme.union_id]):
        raise Refused("outside_programme", field="union_id")
    batch = Batch(**request, state=BATCH.initial, region_code=work.standing.region_code)
    work.session.add(batch)
    steps.remember(work, batch.id, "start")
    return batch


@handles(contract.AddLines, on=Batch)
def add_lines(work: Work, batch: Batch, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put people on the list; who is not known here yet is refused, who may get nothing is found out by the freeze."""
    asked: Sequence[Mapping[str, Any]] = request["lines"]
    programme = _programme(work.session, batch)
    if programme.form == BenefitForm.GOODS:
        _check_each(asked, lambda line: line["item"] is not None, "item", "item_missing")
    known = members_on(work.session, {line["subject_key"] for line in asked}, work.today)
    _check_each(asked, lambda line: line["subject_key"] in known, "subject_key", "not_yet_known")
    added = lines.add(work.session, batch, BENEFIT.initial, asked)
    taken = _step(work, batch, "add_lines", size=batch.size + added.lines)
    batch.size += added.lines
    batch.amount_fen += added.amount_fen
    _take(work, batch, taken)
    return {
        "batch_id": batch.id,
        "added": added.lines,
        "already_there": len(asked) - added.lines,
        "size": batch.size,
    }


@handles(contract.FreezeBatch, on=Batch)
def freeze_batch(work: Work, batch: Batch, _request: Mapping[str, Any]) -> Batch:
    """Decide about everybody on the list by who they are today, and fix it by its hash."""
    # locked, so that of two lists with the same person only one can find that nothing was granted before
    programme = _programme(work.session, batch, locked=True)
    taken = _step(work, batch, "freeze", programme_is_open=programme.is_open)
    people = lines.listed(work.session, batch.id)
    outcomes = _outcomes(work, batch, programme, people)
    lines.decide(work.session, outcomes)
    eligible = [line for line in people if outcomes[line.id].reason is None]
    batch.eligible, batch.amount_fen = len(eligible), sum(line.amount_fen for line in eligible)
    batch.frozen_on = work.today
    batch.list_hash = list_hash(people, {line_id: outcome.reason for line_id, outcome in outcomes.items()})
    _take(work, batch, taken)
    work.publish(contract.BenefitBatchFrozen, batch)
    return batch


@handles(contract.ApproveBatch, on=Batch)
def approve_batch(work: Work, batch: Batch, request: Mapping[str, Any]) -> Batch:
    """Bind the list's sum in the budget."""
    programme = _programme(work.session, batch, locked=True)
    account = {"left_fen": programme.left_fen, "programme_is_open": programme.is_open}
    taken = _step(work, batch, "approve", seen_hash=request["list_hash"], **account)
    programme.committed_fen += batch.amount_fen
    _move_all(work, batch, "approve", State.ELIGIBLE)
    return _take(work, batch, taken)


@handles(contract.IssueBatch, on=Batch)
def issue_batch(work: Work, batch: Batch, _request: Mapping[str, Any]) -> Batch:
    """Give it out today, and tell of each person."""
    programme = _programme(work.session, batch, locked=True)
    taken = _step(work, batch, "issue", programme_is_open=programme.is_open)
    of_each = step(BENEFIT, State.APPROVED, "issue", Facts(work.actor.id, work.today))
    issued = lines.move_and_tell(work.session, batch.id, State.APPROVED, of_each.target, issued_by=work.actor.id)
    batch.issued_on, batch.waiting = work.today, len(issued)
    tell_each(work, batch, programme, issued, of_each, work.today)
    return _take(work, batch, taken)


@handles(contract.CancelBatch, on=Batch)
def cancel_batch(work: Work, batch: Batch, _request: Mapping[str, Any]) -> Batch:
    """Cancel it; what an approved list had bound is free again."""
    taken = _step(work, batch, "cancel")
    if batch.state == contract.BatchState.APPROVED:
        _programme(work.session, batch, locked=True).committed_fen -= batch.amount_fen
    for source in (State.PROPOSED, State.ELIGIBLE, State.APPROVED):
        _move_all(work, batch, "cancel", source)
    return _take(work, batch, taken)


def _programme(session: Session, batch: Batch, *, locked: bool = False) -> Programme:
    return session.get_one(Programme, batch.programme_id, with_for_update=True if locked else None)


def _check_each(
    asked: Sequence[Mapping[str, Any]], holds: Callable[[Mapping[str, Any]], bool], field: str, code: str
) -> None:
    """Refuse the first line that lacks something, by its place."""
    for place, line in enumerate(asked):
        if not holds(line):
            raise Refused(code, field=f"lines.{place}.{field}")


def _outcomes(work: Work, batch: Batch, programme: Programme, people: Sequence[Line]) -> dict[UUID, lines.Outcome]:
    """What becomes of each line, by who its person is on the day of the freeze (R-ENT-01)."""
    keys = [line.subject_key for line in people]
    members = members_on(work.session, keys, work.today)
    admitted, granted = admission(work, programme, batch.union_id), lines.granted(work.session, batch, keys)
    outcomes = {}
    for line in people:
        member = members.get(line.subject_key)
        twice = Ineligibility.ALREADY_GRANTED if line.subject_key in granted else None
        outcomes[line.id] = _outcome(work, member, admitted.obstacle(member) or twice)
    return outcomes


def _outcome(work: Work, member: Member | None, reason: Ineligibility | None) -> lines.Outcome:
    taken = step(BENEFIT, State.PROPOSED, "freeze", Facts(work.actor.id, work.today, ineligible_because=reason))
    return lines.Outcome(taken.target, reason, member)


def _step(work: Work, batch: Batch, command: str, **asked: Any) -> Transition[ListFacts]:
    """The step that a command takes from where the list stands; `asked` are facts that the command names."""
    stands = {
        "size": batch.size,
        "eligible": batch.eligible or 0,
        "amount_fen": batch.amount_fen,
        "list_hash": batch.list_hash,
    }
    facts = ListFacts(work.actor.id, steps.takers(work.session, batch.id), **(stands | asked))
    return step(BATCH, batch.state, command, facts)


def _take(work: Work, batch: Batch, taken: Transition[ListFacts]) -> Batch:
    batch.state = taken.target
    steps.remember(work, batch.id, taken.command)
    return batch


def _move_all(work: Work, batch: Batch, command: str, source: str) -> None:
    """Take a step with every line of the list that stands in a state."""
    taken = step(BENEFIT, source, command, Facts(work.actor.id, work.today))
    lines.move(work.session, batch.id, source, taken.target)
