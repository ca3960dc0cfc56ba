"""Applications to join: a person and their work come in, the union decides, and approval makes a membership."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Request, Scope, command, get, post, query
from contracts.membership.register import Channel, EmploymentDetails, PersonDetails
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from kernel.codes.worker_category import WorkerCategory


class ApplicationState(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RejectReason(StrEnum):
    """Why a union rejects an application."""

    NO_LABOUR_RELATION = "no_labour_relation"
    OTHER_UNION_RESPONSIBLE = "other_union_responsible"
    DOCUMENTS_DO_NOT_AGREE = "documents_do_not_agree"
    NOT_WANTED_BY_APPLICANT = "not_wanted_by_applicant"


#: Roles that bring in applications of the people of their unions.
SUBMITTERS = (Role.OFFICER, Role.ZONE_OFFICER, Role.IMPORTER)
#: How an application can come in; whoever an import brings in was admitted on paper and applies no more.
CHANNELS = tuple(channel for channel in Channel if channel is not Channel.IMPORT)
#: Roles that decide on them: the zone's officers only where a union has no chair.
DECIDERS = (Role.CHAIR, Role.ZONE_OFFICER)
#: How a decision may be refused.
DECISION_ERRORS = (
    "illegal_transition",
    "maker_is_checker",
    "union_has_a_chair",
    "date_in_future",
    "decided_before_applied",
)
#: Roles that read them.
READERS = (*SUBMITTERS, Role.CHAIR)


class ApplicationView(Schema):
    """An application; the name and numbers of its person are masked."""

    id = fields.Id(required=True)
    union_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    channel = fields.Code(CHANNELS, required=True)
    state = fields.Code(ApplicationState, required=True)
    name = fields.Masked(required=True)
    document_no = fields.Masked(required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    applied_on = fields.LocalDate(required=True)
    decided_on = fields.LocalDate(required=True, allow_none=True)
    reject_reason = fields.Code(RejectReason, required=True, allow_none=True)
    membership_id = fields.Id(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnApplication(Request):
    application_id = fields.Id(required=True)


@command(
    post("/v1/memberships/applications", 201),
    reply=ApplicationView,
    roles=SUBMITTERS,
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=(
        "not_found",
        "union_not_approved",
        "already_a_member",
        "application_pending",
        "being_erased",
        "retired_cannot_join",
        "consent_missing",
        "unknown_enterprise",
        "date_in_future",
    ),
)
class SubmitApplication(Request):
    """Bring in an application with the applicant's consent; a person is in one union only (工会章程 art 1, 2)."""

    union_id = fields.Id(required=True)
    channel = fields.Code(CHANNELS, load_default=Channel.PAPER)
    applied_on = fields.LocalDate(required=True)
    consent_version = fields.ConsentVersion()
    form_ref = fields.Text(load_default=None, allow_none=True)
    member_no = fields.Text(longest=40, load_default=None, allow_none=True)
    person = fields.Part(PersonDetails, required=True)
    employment = fields.Part(EmploymentDetails, required=True)


@command(
    post("/v1/memberships/applications/{application_id}/approve"),
    reply=ApplicationView,
    roles=DECIDERS,
    scope=Scope.RECORD,
    errors=(*DECISION_ERRORS, "already_a_member", "before_last_change", "union_not_approved"),
    versioned=True,
)
class ApproveApplication(_OnApplication):
    """Approve an application for the basic committee: the person is a member from that day (R-MEM-02)."""

    decided_on = fields.LocalDate(required=True)


@command(
    post("/v1/memberships/applications/{application_id}/reject"),
    reply=ApplicationView,
    roles=DECIDERS,
    scope=Scope.RECORD,
    errors=DECISION_ERRORS,
    versioned=True,
)
class RejectApplication(_OnApplication):
    """Reject an application with a reason; the applicant may ask the union above."""

    decided_on = fields.LocalDate(required=True)
    reason = fields.Code(RejectReason, required=True)


@command(
    post("/v1/memberships/applications/{application_id}/withdraw"),
    reply=ApplicationView,
    roles=SUBMITTERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class WithdrawApplication(_OnApplication):
    """Take an application back before it is decided."""


@query(
    get("/v1/memberships/applications/{application_id}"), reply=ApplicationView, roles=READERS, errors=("not_found",)
)
class GetApplication(_OnApplication):
    """Read one application of one's unions."""


@query(get("/v1/memberships/applications"), reply=page_of(ApplicationView), roles=READERS, scope=Scope.FILTER)
class ListApplications(PageRequest):
    """List the applications of one's unions, newest first."""

    union = fields.Id(metadata={"description": "Of this union or one below it"})
    state = fields.Code(ApplicationState)
