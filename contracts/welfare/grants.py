"""Grants: what each person on a list gets once, and what becomes of it after it is given out."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from contracts.welfare.batches import MAKERS, MOST_LINES, READERS
from contracts.welfare.programmes import BenefitForm, ProgrammeKind
from kernel.codes.worker_category import WorkerCategory


class GrantState(StrEnum):
    """Where one person's benefit stands."""

    PROPOSED = "proposed"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    APPROVED = "approved"
    ISSUED = "issued"
    RECEIPTED = "receipted"
    RETURNED = "returned"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


class ReceiptKind(StrEnum):
    """How somebody acknowledged what they got."""

    SIGNATURE = "signature"
    QR = "qr"
    PHOTO = "photo"


class ReturnReason(StrEnum):
    """Why something issued came back."""

    NOT_COLLECTED = "not_collected"
    DECLINED = "declined"
    MOVED_AWAY = "moved_away"
    DIED = "died"


class ReverseReason(StrEnum):
    """Why something received is taken out of the account."""

    RECORDED_TWICE = "recorded_twice"
    WRONG_PERSON = "wrong_person"
    WRONG_AMOUNT = "wrong_amount"
    NOT_ENTITLED = "not_entitled"


class Ineligibility(StrEnum):
    """Why somebody on a list gets nothing; a person may look at it again (PIPL art 24)."""

    NOT_A_MEMBER = "not_a_member"
    MEMBERSHIP_RETAINED = "membership_retained"
    OUTSIDE_UNION = "outside_union"
    CATEGORY_NOT_ADMITTED = "category_not_admitted"
    ALREADY_GRANTED = "already_granted"


class BenefitView(Schema):
    """One person's benefit on a list. Amounts are in fen."""

    id = fields.Id(required=True)
    batch_id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    union_id = fields.Id(required=True, allow_none=True, metadata={"description": "Of the person when frozen"})
    worker_category = fields.Code(WorkerCategory, required=True, allow_none=True)
    form = fields.Code(BenefitForm, required=True)
    item = fields.Text(required=True, allow_none=True)
    qty = fields.Count(required=True)
    amount_fen = fields.Count(required=True)
    state = fields.Code(GrantState, required=True)
    ineligible_because = fields.Code(Ineligibility, required=True, allow_none=True)
    receipt_kind = fields.Code(ReceiptKind, required=True, allow_none=True)
    received_on = fields.LocalDate(required=True, allow_none=True)
    reversal_reason = fields.Code(
        ReverseReason, required=True, allow_none=True, metadata={"description": "Why finance asked to reverse it"}
    )
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnGrant(Request):
    grant_id = fields.Id(required=True)


class ReceiptsRecorded(Schema):
    """What a list of receipts brought; a receipt recorded before counts once."""

    batch_id = fields.Id(required=True)
    recorded = fields.Count(required=True)
    already_there = fields.Count(required=True)


@command(
    post("/v1/batches/{batch_id}/receipts"),
    reply=ReceiptsRecorded,
    roles=MAKERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "not_on_list", "date_in_future", "received_before_issue", "receipt_not_proven"),
)
class RecordReceipts(Request):
    """Record a list of receipts: who signed on which day."""

    batch_id = fields.Id(required=True)
    subject_keys = fields.Many(fields.SubjectKey(), longest=MOST_LINES, shortest=1, required=True)
    received_on = fields.LocalDate(required=True)
    receipt_kind = fields.Code(ReceiptKind, load_default=ReceiptKind.SIGNATURE)
    receipt_ref = fields.Text(required=True)


@command(
    post("/v1/benefits/{grant_id}/receipt"),
    reply=BenefitView,
    roles=(*MAKERS, Role.MEMBER),
    errors=(
        "not_found",
        "outside_scope",
        "illegal_transition",
        "date_in_future",
        "received_before_issue",
        "receipt_not_proven",
    ),
    versioned=True,
)
class ReceiptBenefit(_OnGrant):
    """Acknowledge one benefit: by code as the member who got it, or as an officer with a signature or photo."""

    received_on = fields.LocalDate(required=True)
    receipt_kind = fields.Code(ReceiptKind, required=True)
    receipt_ref = fields.Text(load_default=None, allow_none=True)


@command(
    post("/v1/benefits/{grant_id}/return"),
    reply=BenefitView,
    roles=MAKERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class ReturnBenefit(_OnGrant):
    """Record that something issued came back; its sum is free again."""

    reason = fields.Code(ReturnReason, required=True)


@command(
    post("/v1/benefits/{grant_id}/ask-reversal"),
    reply=BenefitView,
    roles=(Role.FINANCE,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "programme_settled"),
    versioned=True,
)
class AskReversal(_OnGrant):
    """Ask that a received benefit be taken out of the account before it is settled, as another than its issuer."""

    reason = fields.Code(ReverseReason, required=True)


@command(
    post("/v1/benefits/{grant_id}/reverse"),
    reply=BenefitView,
    roles=(Role.ZONE_LEADER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "reversal_not_asked", "programme_settled"),
    versioned=True,
)
class ReverseBenefit(_OnGrant):
    """Take a received benefit out of the account as finance asked, as another person than who asked or issued it."""


@command(
    post("/v1/benefits/{grant_id}/withdraw-reversal"),
    reply=BenefitView,
    roles=(Role.FINANCE, Role.ZONE_LEADER),
    scope=Scope.RECORD,
    errors=("illegal_transition", "reversal_not_asked"),
    versioned=True,
)
class WithdrawReversal(_OnGrant):
    """Leave a received benefit in the account after all: finance asked by mistake, or the leader does not agree."""


@query(
    get("/v1/batches/{batch_id}/benefits"),
    reply=page_of(BenefitView),
    roles=READERS,
    errors=("not_found", "outside_scope"),
)
class ListBenefits(PageRequest):
    """List who is on a list of one's unions."""

    batch_id = fields.Id(required=True)
    state = fields.Code(GrantState)


@query(get("/v1/me/benefits"), reply=page_of(BenefitView), roles=(Role.MEMBER,), scope=Scope.FILTER)
class ListMyBenefits(PageRequest):
    """List one's own benefits, newest first."""


class _GrantEvent(Event):
    grant_id = fields.Id(required=True)
    batch_id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    kind = fields.Code(ProgrammeKind, required=True)
    form = fields.Code(BenefitForm, required=True)
    qty = fields.Count(required=True)
    amount_fen = fields.Count(required=True)
    subject_key = fields.SubjectKey(required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    union_id = fields.Id(required=True)
    state = fields.Code(GrantState, required=True)
    on = fields.LocalDate(required=True, metadata={"description": "Day on which the state began"})


@event(Classification.PSEUDONYMOUS, subject="grant_id")
class BenefitIssued(_GrantEvent):
    """A benefit was given out."""


@event(Classification.PSEUDONYMOUS, subject="grant_id")
class BenefitReceipted(_GrantEvent):
    """Somebody acknowledged a benefit; now it counts."""


@event(Classification.PSEUDONYMOUS, subject="grant_id")
class BenefitReturned(_GrantEvent):
    """A benefit came back before it was acknowledged."""


@event(Classification.PSEUDONYMOUS, subject="grant_id")
class BenefitReversed(_GrantEvent):
    """An acknowledged benefit no longer counts."""
