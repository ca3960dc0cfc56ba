"""Batches and grants: a frozen list of people, each of whom gets one benefit once and acknowledges it."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from contracts.welfare.programmes import MOST_FEN, BenefitForm, ProgrammeKind
from kernel.codes.worker_category import WorkerCategory

#: Lines that one request may add to a list, and receipts that one may record.
MOST_LINES = 1000
#: Lines of one batch, so that freezing and issuing it stay short transactions.
LONGEST_BATCH = 20_000
#: Fen that one person's line may be worth.
DEAREST_LINE = 100_000_000


class BatchState(StrEnum):
    """Where a list stands."""

    BUILDING = "building"
    FROZEN = "frozen"
    APPROVED = "approved"
    ISSUING = "issuing"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


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


#: Roles that make and carry out lists.
MAKERS = (Role.OFFICER, Role.ZONE_OFFICER)
#: Roles that see who gets what in their unions.
READERS = (*MAKERS, Role.CHAIR, Role.FINANCE, Role.AUDIT, Role.ZONE_LEADER)


class BatchView(Schema):
    """A list of a programme. Amounts are in fen."""

    id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    union_id = fields.Id(required=True)
    name = fields.Text(required=True)
    state = fields.Code(BatchState, required=True)
    size = fields.Count(required=True)
    eligible = fields.Count(required=True, allow_none=True, metadata={"description": "Null before the list is frozen"})
    amount_fen = fields.Count(
        most=MOST_FEN, required=True, metadata={"description": "Of all lines, once frozen of the eligible ones"}
    )
    frozen_on = fields.LocalDate(required=True, allow_none=True)
    list_hash = fields.Digest(
        required=True,
        allow_none=True,
        metadata={
            "description": "SHA-256 over the sorted lines of the frozen list, a newline between two; tabs part subject "
            "key, item or nothing, quantity, amount in fen, and `eligible` or why not"
        },
    )
    version = fields.Count(required=True)
    _actions = fields.Actions()


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


class _OnBatch(Request):
    batch_id = fields.Id(required=True)


class _OnGrant(Request):
    grant_id = fields.Id(required=True)


@command(
    post("/v1/programmes/{programme_id}/batches", 201),
    reply=BatchView,
    roles=MAKERS,
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=("not_found", "not_yet_known", "programme_not_open", "outside_programme"),
)
class StartBatch(Request):
    """Start a list of an open programme, for a union that the programme reaches."""

    programme_id = fields.Id(required=True)
    union_id = fields.Id(required=True)
    name = fields.Text(required=True)


class GrantLine(Schema):
    """What one person is to get. The amount is the value of the whole line in fen."""

    subject_key = fields.SubjectKey(required=True)
    item = fields.Text(load_default=None, allow_none=True)
    qty = fields.Count(1, 1000, load_default=1)
    amount_fen = fields.Count(1, DEAREST_LINE, required=True)


class LinesAdded(Schema):
    """What was added; a person already on the list is not put there twice."""

    batch_id = fields.Id(required=True)
    added = fields.Count(required=True)
    already_there = fields.Count(required=True)
    size = fields.Count(required=True)


@command(
    post("/v1/batches/{batch_id}/lines"),
    reply=LinesAdded,
    roles=MAKERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "item_missing", "batch_full", "not_yet_known"),
)
class AddLines(_OnBatch):
    """Put people on a list that is still being made."""

    lines = fields.Many(fields.Part(GrantLine), longest=MOST_LINES, shortest=1, required=True)


@command(
    post("/v1/batches/{batch_id}/freeze"),
    reply=BatchView,
    roles=MAKERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "batch_empty", "programme_not_open"),
    versioned=True,
)
class FreezeBatch(_OnBatch):
    """Freeze a list: from now on it has a hash, and everybody on it is eligible or not, with the reason."""


@command(
    post("/v1/batches/{batch_id}/approve"),
    reply=BatchView,
    roles=(Role.ZONE_LEADER,),
    scope=Scope.RECORD,
    errors=(
        "illegal_transition",
        "maker_is_checker",
        "stale_list",
        "budget_exceeded",
        "nobody_eligible",
        "programme_not_open",
    ),
    versioned=True,
)
class ApproveBatch(_OnBatch):
    """Approve a frozen list, as another person than the one who made it; its sum is taken from the budget."""

    list_hash = fields.Digest(required=True, metadata={"description": "Of the list that was looked at"})


@command(
    post("/v1/batches/{batch_id}/issue"),
    reply=BatchView,
    roles=MAKERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "programme_not_open"),
    versioned=True,
)
class IssueBatch(_OnBatch):
    """Give out an approved list; each person's receipt is recorded when it comes."""


@command(
    post("/v1/batches/{batch_id}/cancel"),
    reply=BatchView,
    roles=MAKERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class CancelBatch(_OnBatch):
    """Cancel a list before anything of it is given out; what it took from the budget is free again."""


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
class RecordReceipts(_OnBatch):
    """Record a list of receipts: who signed on which day."""

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
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class AskReversal(_OnGrant):
    """Ask that a received benefit be taken out of the account, as another person than the one who issued it."""

    reason = fields.Code(ReverseReason, required=True)


@command(
    post("/v1/benefits/{grant_id}/reverse"),
    reply=BenefitView,
    roles=(Role.ZONE_LEADER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "reversal_not_asked"),
    versioned=True,
)
class ReverseBenefit(_OnGrant):
    """Take a received benefit out of the account as finance asked, as another person than who asked or issued it."""


@query(get("/v1/batches/{batch_id}"), reply=BatchView, roles=READERS, errors=("not_found", "outside_scope"))
class GetBatch(_OnBatch):
    """Read one list of one's unions."""


@query(get("/v1/batches"), reply=page_of(BatchView), roles=READERS, scope=Scope.FILTER)
class ListBatches(PageRequest):
    """List the lists of one's unions, newest first."""

    programme = fields.Id()
    state = fields.Code(BatchState)


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


@event(Classification.INTERNAL, subject="batch_id")
class BenefitBatchFrozen(Event):
    """A list of a programme was frozen."""

    batch_id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    union_id = fields.Id(required=True)
    size = fields.Count(required=True)
    list_hash = fields.Digest(required=True)


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
