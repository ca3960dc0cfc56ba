"""Batches: lists of who is to get a benefit of a programme, frozen, approved by another person and given out."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from contracts.welfare.programmes import MOST_FEN

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


class _OnBatch(Request):
    batch_id = fields.Id(required=True)


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


@query(get("/v1/batches/{batch_id}"), reply=BatchView, roles=READERS, errors=("not_found", "outside_scope"))
class GetBatch(_OnBatch):
    """Read one list of one's unions."""


@query(get("/v1/batches"), reply=page_of(BatchView), roles=READERS, scope=Scope.FILTER)
class ListBatches(PageRequest):
    """List the lists of one's unions, newest first."""

    programme = fields.Id()
    state = fields.Code(BatchState)


@event(Classification.INTERNAL, subject="batch_id")
class BenefitBatchFrozen(Event):
    """A list of a programme was frozen."""

    batch_id = fields.Id(required=True)
    programme_id = fields.Id(required=True)
    union_id = fields.Id(required=True)
    size = fields.Count(required=True)
    list_hash = fields.Digest(required=True)
