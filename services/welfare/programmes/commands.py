"""What changes programmes: each command takes one step of the state table, remembers who took it and tells it."""

from collections.abc import Mapping
from typing import Any

from chassis.commands import handles
from chassis.states import refused, step
from chassis.work import Work
from contracts.declare import by_name
from contracts.welfare import programmes as contract
from services.welfare.duties import steps
from services.welfare.grants.lookup import has_reversal_open
from services.welfare.programmes.models import Programme
from services.welfare.programmes.rules import PROGRAMME, Facts, may_be_drafted

_EVENTS = by_name(
    contract.ProgrammeApproved,
    contract.ProgrammeOpened,
    contract.ProgrammeSuspended,
    contract.ProgrammeClosed,
    contract.ProgrammeAudited,
)


@handles(contract.DraftProgramme)
def draft_programme(work: Work, request: Mapping[str, Any]) -> Programme:
    """Draft a programme of the union that the request names."""
    assert work.standing is not None
    asked = (request[name] for name in ("kind", "form", "starts_on", "ends_on"))
    if refusal := may_be_drafted(work.standing.state, *asked):
        raise refused(refusal)
    stands = {"state": PROGRAMME.initial, "region_code": work.standing.region_code}
    categories = sorted(set(request["categories"]))
    programme = Programme(**{**request, **stands, "categories": categories})
    work.session.add(programme)
    steps.remember(work, programme.id, "draft")
    return programme


@handles(contract.SubmitProgramme, on=Programme)
def submit_programme(work: Work, programme: Programme, _request: Mapping[str, Any]) -> Programme:
    """Submit a draft."""
    return _take(work, programme, "submit")


@handles(contract.RecordOpinion, on=Programme)
def record_opinion(work: Work, programme: Programme, request: Mapping[str, Any]) -> Programme:
    """Record what the audit committee thinks of it."""
    return _take(work, programme, "record_opinion", opinion=request["opinion"])


@handles(contract.ApproveProgramme, on=Programme)
def approve_programme(work: Work, programme: Programme, request: Mapping[str, Any]) -> Programme:
    """Approve it by a resolution."""
    return _take(work, programme, "approve", resolution_ref=request["resolution_ref"])


@handles(contract.OpenProgramme, on=Programme)
def open_programme(work: Work, programme: Programme, _request: Mapping[str, Any]) -> Programme:
    """Open what was approved."""
    return _take(work, programme, "open")


@handles(contract.SuspendProgramme, on=Programme)
def suspend_programme(work: Work, programme: Programme, _request: Mapping[str, Any]) -> Programme:
    """Stop it for a time."""
    return _take(work, programme, "suspend")


@handles(contract.ResumeProgramme, on=Programme)
def resume_programme(work: Work, programme: Programme, _request: Mapping[str, Any]) -> Programme:
    """Let it go on."""
    return _take(work, programme, "resume")


@handles(contract.CloseProgramme, on=Programme)
def close_programme(work: Work, programme: Programme, _request: Mapping[str, Any]) -> Programme:
    """Close it once nothing is bound any more."""
    return _take(work, programme, "close")


@handles(contract.SettleProgramme, on=Programme)
def settle_programme(work: Work, programme: Programme, _request: Mapping[str, Any]) -> Programme:
    """Settle its account."""
    return _take(work, programme, "settle")


@handles(contract.AuditProgramme, on=Programme)
def audit_programme(work: Work, programme: Programme, request: Mapping[str, Any]) -> Programme:
    """Record that it was audited."""
    return _take(work, programme, "audit", audit_ref=request["resolution_ref"])


def _take(work: Work, programme: Programme, command: str, **changes: str) -> Programme:
    """Take a step, with what it changes beside the state."""
    facts = Facts(
        work.actor.id,
        steps.takers(work.session, programme.id),
        programme.committed_fen,
        has_reversal_open(work.session, programme.id),
    )
    taken = step(PROGRAMME, programme.state, command, facts)
    for name, value in {**changes, "state": taken.target}.items():
        setattr(programme, name, value)
    steps.remember(work, programme.id, command)
    for name in taken.events:
        work.publish(_EVENTS[name], programme)
    return programme
