"""The way of a welfare programme: from a draft until it is open, and from there to the audit."""

from collections.abc import Iterator, Sequence

from contracts.roles import Role
from contracts.welfare import programmes
from tests.support.plans.steps import YEAR, Of, Step, day
from tests.support.plans.unions import FEDERATION


def opened(name: str, kind: str, form: str, categories: Sequence[str], budget_fen: int) -> Iterator[Step]:
    """A programme of the round's federation, drafted, advised on, approved, opened, stopped once and opened again."""
    this = {"programme_id": Of(name)}
    fields = {
        "union_id": Of(FEDERATION),
        "kind": kind,
        "form": form,
        "name": name,
        "year": YEAR,
        "starts_on": day(3, 1),
        "ends_on": day(12, 31),
        "budget_fen": budget_fen,
        "fund_source": "union_funds",
        "policy_version": "2022-03",
        "categories": categories,
    }
    yield Step(programmes.DraftProgramme, Role.ZONE_OFFICER, fields, name)
    yield Step(programmes.SubmitProgramme, Role.ZONE_OFFICER, this)
    yield Step(programmes.RecordOpinion, Role.AUDIT, {**this, "opinion": "supported"})
    yield Step(programmes.ApproveProgramme, Role.ZONE_LEADER, {**this, "resolution_ref": "minutes 7"})
    yield Step(programmes.OpenProgramme, Role.ZONE_OFFICER, this)
    yield Step(programmes.SuspendProgramme, Role.ZONE_LEADER, this)
    yield Step(programmes.ResumeProgramme, Role.ZONE_LEADER, this, is_open(name))


def is_open(name: str) -> str:
    """Name of the step after which a programme is open."""
    return f"{name} is open"


def audited(name: str, after: Sequence[str], spent_fen: int) -> Iterator[Step]:
    """The end of a programme, once some steps are over."""
    this = {"programme_id": Of(name)}
    account = {"committed_fen": 0, "spent_fen": spent_fen}
    yield Step(programmes.CloseProgramme, Role.ZONE_OFFICER, this, after=after, expects=account)
    yield Step(programmes.SettleProgramme, Role.FINANCE, this)
    yield Step(programmes.AuditProgramme, Role.AUDIT, {**this, "resolution_ref": "minutes 9"}, expects=account)
