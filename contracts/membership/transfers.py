"""Transfers: a membership follows its holder's work to another union, which accepts it without a new application."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Request, Scope, command, get, post, query
from contracts.membership.register import EmploymentDetails
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema


class TransferState(StrEnum):
    """What became of a request."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    #: Nobody answered in time.
    LAPSED = "lapsed"


class TransferBasis(StrEnum):
    """Why the membership moves."""

    #: The holder has other work (R-MEM-07).
    LABOUR_RELATION = "labour_relation"
    #: The new workplace has no union: the one where the holder lives keeps the membership until it has (R-MEM-09).
    RESIDENCE = "residence"
    #: A loan of six months or more to another unit (R-MEM-10).
    LOAN = "loan"


class DeclineReason(StrEnum):
    """Why a union does not take a member over."""

    DOES_NOT_WORK_THERE = "does_not_work_there"
    OTHER_UNION_RESPONSIBLE = "other_union_responsible"
    DOCUMENTS_DO_NOT_AGREE = "documents_do_not_agree"


#: Roles of the old union that ask, and that take a request back.
REQUESTERS = (Role.OFFICER, Role.CHAIR)
#: Roles of the new union that answer: the zone's officers only where it has no chair.
DECIDERS = (Role.CHAIR, Role.ZONE_OFFICER)
#: Roles that read the transfers from and to their unions.
READERS = (Role.OFFICER, Role.CHAIR, Role.ZONE_OFFICER, Role.ZONE_LEADER, Role.HIGHER_UNION)


class TransferView(Schema):
    """A transfer; the name of the member is masked."""

    id = fields.Id(required=True)
    membership_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    name = fields.Masked(required=True)
    from_union_id = fields.Id(required=True)
    to_union_id = fields.Id(required=True)
    basis = fields.Code(TransferBasis, required=True)
    state = fields.Code(TransferState, required=True)
    requested_on = fields.LocalDate(required=True)
    answer_due = fields.LocalDate(required=True, metadata={"description": "The last day for an answer"})
    decided_on = fields.LocalDate(required=True, allow_none=True)
    decline_reason = fields.Code(DeclineReason, required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


@command(
    post("/v1/memberships/{membership_id}/transfer", 201),
    reply=TransferView,
    roles=REQUESTERS,
    scope=Scope.RECORD,
    errors=(
        "illegal_transition",
        "date_in_future",
        "before_last_change",
        "not_found",
        "union_not_approved",
        "already_there",
        "unknown_enterprise",
        "employment_missing",
    ),
    versioned=True,
)
class RequestTransfer(Request):
    """Record that a member is to move to another union, which has 30 days to answer (工会会员会籍管理办法 art 8).

    Until then nothing changes but the state; with no answer the member stays.
    """

    membership_id = fields.Id(required=True)
    to_union_id = fields.Id(required=True)
    basis = fields.Code(TransferBasis, load_default=TransferBasis.LABOUR_RELATION)
    requested_on = fields.LocalDate(required=True)
    employment = fields.Part(
        EmploymentDetails,
        load_default=None,
        allow_none=True,
        metadata={"description": "The work that the member has now; needed where it is why the membership moves"},
    )


class _OnTransfer(Request):
    transfer_id = fields.Id(required=True)


class _Decision(_OnTransfer):
    decided_on = fields.LocalDate(required=True)


#: How an answer may be refused.
_ANSWER_ERRORS = ("illegal_transition", "union_has_a_chair", "date_in_future", "decided_before_requested")


@command(
    post("/v1/transfers/{transfer_id}/accept"),
    reply=TransferView,
    roles=DECIDERS,
    scope=Scope.RECORD,
    errors=(*_ANSWER_ERRORS, "union_not_approved"),
    versioned=True,
)
class AcceptTransfer(_Decision):
    """Take the member over from that day on; posts that the holder cannot keep there end (R-MEM-08)."""


@command(
    post("/v1/transfers/{transfer_id}/decline"),
    reply=TransferView,
    roles=DECIDERS,
    scope=Scope.RECORD,
    errors=_ANSWER_ERRORS,
    versioned=True,
)
class DeclineTransfer(_Decision):
    """Do not take the member over, with a reason; the membership stays where it was."""

    reason = fields.Code(DeclineReason, required=True)


@command(
    post("/v1/transfers/{transfer_id}/cancel"),
    reply=TransferView,
    roles=REQUESTERS,
    errors=("not_found", "outside_scope", "illegal_transition"),
    versioned=True,
)
class CancelTransfer(_OnTransfer):
    """Take a request back that nobody has answered, as the union that made it."""


@query(get("/v1/transfers/{transfer_id}"), reply=TransferView, roles=READERS, errors=("not_found",))
class GetTransfer(_OnTransfer):
    """Read one transfer from or to one's unions."""


@query(get("/v1/transfers"), reply=page_of(TransferView), roles=READERS, scope=Scope.FILTER)
class ListTransfers(PageRequest):
    """List the transfers from and to one's unions, newest first."""

    from_union = fields.Id(metadata={"description": "From this union or one below it"})
    to_union = fields.Id(metadata={"description": "To this union or one below it"})
    state = fields.Code(TransferState)
