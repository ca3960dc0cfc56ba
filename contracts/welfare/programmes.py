"""Welfare programmes: what is given to whom from which budget, from a draft to the audit."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema
from kernel.codes.worker_category import WorkerCategory

#: Fen that a budget may hold: JSON's numbers and a list of the dearest lines stay well below what is exact.
MOST_FEN = 10**13


class ProgrammeKind(StrEnum):
    """What a programme is for; more kinds come with the capabilities that need them."""

    WINTER_RELIEF = "winter_relief"
    HEALTH_CHECK = "health_check"


class BenefitForm(StrEnum):
    """What a member gets."""

    GOODS = "goods"
    MONEY = "money"
    SERVICE = "service"


class FundSource(StrEnum):
    """Whose money it is."""

    UNION_FUNDS = "union_funds"
    SUPERIOR_GRANT = "superior_grant"
    GOVERNMENT_GRANT = "government_grant"
    DONATION = "donation"


class ProgrammeState(StrEnum):
    """Where a programme stands."""

    DRAFT = "draft"
    AUDIT_REVIEW = "audit_review"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    SETTLED = "settled"
    AUDITED = "audited"


class Opinion(StrEnum):
    """What the audit committee thinks of a programme; it advises, the committee decides."""

    SUPPORTED = "supported"
    OBJECTED = "objected"


class _Programme(Schema):
    kind = fields.Code(ProgrammeKind, required=True)
    form = fields.Code(BenefitForm, required=True)
    name = fields.Text(required=True)
    union_id = fields.Id(required=True)
    year = fields.Count(2000, 2100, required=True)
    starts_on = fields.LocalDate(required=True)
    ends_on = fields.LocalDate(required=True)
    state = fields.Code(ProgrammeState, required=True)
    budget_fen = fields.Count(most=MOST_FEN, required=True)
    spent_fen = fields.Count(most=MOST_FEN, required=True, metadata={"description": "Of benefits that were received"})


class ProgrammeView(_Programme):
    """A welfare programme. Amounts are in fen."""

    id = fields.Id(required=True)
    fund_source = fields.Code(FundSource, required=True)
    policy_version = fields.Text(longest=40, required=True)
    categories = fields.Many(fields.Code(WorkerCategory), required=True)
    admits_retained = fields.Flag(required=True)
    committed_fen = fields.Count(
        most=MOST_FEN, required=True, metadata={"description": "Of benefits approved and not yet received"}
    )
    opinion = fields.Code(Opinion, required=True, allow_none=True)
    resolution_ref = fields.Text(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnProgramme(Request):
    programme_id = fields.Id(required=True)


@command(
    post("/v1/programmes", 201),
    reply=ProgrammeView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=("not_yet_known", "union_not_approved", "ends_before_start", "form_does_not_fit_kind"),
)
class DraftProgramme(Request):
    """Draft a programme of a union. Amounts are in fen."""

    union_id = fields.Id(required=True)
    kind = fields.Code(ProgrammeKind, required=True)
    form = fields.Code(BenefitForm, required=True)
    name = fields.Text(required=True)
    year = fields.Count(2000, 2100, required=True)
    starts_on = fields.LocalDate(required=True)
    ends_on = fields.LocalDate(required=True)
    budget_fen = fields.Count(most=MOST_FEN, required=True)
    fund_source = fields.Code(FundSource, required=True)
    policy_version = fields.Text(longest=40, required=True)
    categories = fields.Many(
        fields.Code(WorkerCategory), load_default=list, metadata={"description": "Who may get it; all if empty"}
    )
    admits_retained = fields.Flag(load_default=False, metadata={"description": "Whether retained members may, too"})


@command(
    post("/v1/programmes/{programme_id}/submit"),
    reply=ProgrammeView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class SubmitProgramme(_OnProgramme):
    """Submit a draft to the audit committee."""


@command(
    post("/v1/programmes/{programme_id}/opinion"),
    reply=ProgrammeView,
    roles=(Role.AUDIT,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class RecordOpinion(_OnProgramme):
    """Record the audit committee's opinion; it neither approves nor spends."""

    opinion = fields.Code(Opinion, required=True)


@command(
    post("/v1/programmes/{programme_id}/approve"),
    reply=ProgrammeView,
    roles=(Role.ZONE_LEADER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class ApproveProgramme(_OnProgramme):
    """Approve a reviewed programme by a resolution of the committee."""

    resolution_ref = fields.Text(required=True)


@command(
    post("/v1/programmes/{programme_id}/open"),
    reply=ProgrammeView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class OpenProgramme(_OnProgramme):
    """Open an approved programme: lists can be made from now on."""


@command(
    post("/v1/programmes/{programme_id}/suspend"),
    reply=ProgrammeView,
    roles=(Role.ZONE_LEADER,),
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class SuspendProgramme(_OnProgramme):
    """Stop an open programme for a time: nothing is approved or issued."""


@command(
    post("/v1/programmes/{programme_id}/resume"),
    reply=ProgrammeView,
    roles=(Role.ZONE_LEADER,),
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class ResumeProgramme(_OnProgramme):
    """Let a suspended programme go on."""


@command(
    post("/v1/programmes/{programme_id}/close"),
    reply=ProgrammeView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "grants_open"),
    versioned=True,
)
class CloseProgramme(_OnProgramme):
    """Close an open programme once nothing that was approved waits to be issued or received."""


@command(
    post("/v1/programmes/{programme_id}/settle"),
    reply=ProgrammeView,
    roles=(Role.FINANCE,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "reversal_open"),
    versioned=True,
)
class SettleProgramme(_OnProgramme):
    """Settle the account of a closed programme once each reversal that was asked for is done."""


@command(
    post("/v1/programmes/{programme_id}/audit"),
    reply=ProgrammeView,
    roles=(Role.AUDIT,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class AuditProgramme(_OnProgramme):
    """Record that the audit committee has audited a settled programme."""

    resolution_ref = fields.Text(required=True)


@query(get("/v1/programmes/{programme_id}"), reply=ProgrammeView, roles=EVERYBODY, errors=("not_found",))
class GetProgramme(_OnProgramme):
    """Read one programme; what is given to whom is public, who got it is not."""


@query(get("/v1/programmes"), reply=page_of(ProgrammeView), roles=EVERYBODY)
class ListProgrammes(PageRequest):
    """List programmes, newest first."""

    union = fields.Id(metadata={"description": "Of this union or one below it"})
    kind = fields.Code(ProgrammeKind)
    year = fields.Count(2000, 2100)
    state = fields.Code(ProgrammeState)


class _ProgrammeEvent(_Programme, Event):
    programme_id = fields.Id(required=True)


@event(Classification.PUBLIC, subject="programme_id")
class ProgrammeApproved(_ProgrammeEvent):
    """A programme was approved by the committee."""


@event(Classification.PUBLIC, subject="programme_id")
class ProgrammeOpened(_ProgrammeEvent):
    """A programme is open, for the first time or again."""


@event(Classification.PUBLIC, subject="programme_id")
class ProgrammeSuspended(_ProgrammeEvent):
    """A programme is stopped for a time."""


@event(Classification.PUBLIC, subject="programme_id")
class ProgrammeClosed(_ProgrammeEvent):
    """A programme gives nothing any more."""


@event(Classification.PUBLIC, subject="programme_id")
class ProgrammeAudited(_ProgrammeEvent):
    """The account of a programme was audited."""
