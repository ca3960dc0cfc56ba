"""Union organisations: founding, approval and the tree that every scope question is answered from."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema


class OrgKind(StrEnum):
    """Kinds of union organisation (R-ORG-18)."""

    FEDERATION = "federation"
    BASIC = "basic"
    JOINT = "joint"
    INDUSTRY_FEDERATION = "industry_federation"
    REGIONAL_FEDERATION = "regional_federation"
    WORK_COMMITTEE = "work_committee"
    OFFICE = "office"
    BRANCH = "branch"
    OTHER = "other"


class FoundingMode(StrEnum):
    """How a union came to be."""

    SINGLE = "single"
    JOINT = "joint"
    INDUSTRY = "industry"
    REGIONAL = "regional"


class Workforce(StrEnum):
    """Whom a union organises."""

    GENERAL = "general"
    NEW_EMPLOYMENT = "new_employment"


class UnionState(StrEnum):
    """Where a union stands on its way."""

    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"


class _Union(Schema):
    name = fields.Text(required=True)
    short_name = fields.Text(longest=60, required=True)
    org_kind = fields.Code(OrgKind, required=True)
    founding_mode = fields.Code(FoundingMode, required=True)
    workforce = fields.Code(Workforce, required=True)
    party_cobuilt = fields.Flag(required=True)
    region_code = fields.RegionCode(required=True)
    superior_id = fields.Id(required=True, allow_none=True)
    state = fields.Code(UnionState, required=True)
    founded_on = fields.LocalDate(required=True)
    approved_on = fields.LocalDate(required=True, allow_none=True)


class UnionView(_Union):
    """A union organisation."""

    enterprise_ids = fields.Many(fields.Id(), required=True)
    id = fields.Id(required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _UnionDetails(Request):
    name = fields.Name(required=True)
    short_name = fields.Name(longest=60, required=True)
    workforce = fields.Code(Workforce, load_default=Workforce.GENERAL)
    party_cobuilt = fields.Flag(load_default=False)
    region_code = fields.RegionCode(required=True)
    founded_on = fields.LocalDate(required=True)


@command(
    post("/v1/federations", 201),
    reply=UnionView,
    roles=(Role.SYSTEM_ADMIN,),
    errors=("union_name_taken", "date_in_future", "approved_before_founding"),
)
class RegisterFederation(_UnionDetails):
    """Record a federation that was approved outside the platform: the root of a union tree."""

    approved_on = fields.LocalDate(required=True)


@command(
    post("/v1/unions", 201),
    reply=UnionView,
    roles=(Role.OFFICER, Role.ZONE_OFFICER),
    scope=Scope.FIELD,
    scope_field="superior_id",
    errors=(
        "not_found",
        "union_name_taken",
        "union_not_approved",
        "tree_too_deep",
        "date_in_future",
        "unknown_enterprise",
        "enterprises_do_not_fit",
        "kind_does_not_fit_mode",
    ),
)
class FoundUnion(_UnionDetails):
    """Submit the founding of a union below its superior, which decides on it (工会法 art 12)."""

    superior_id = fields.Id(required=True)
    org_kind = fields.Code(OrgKind, required=True)
    founding_mode = fields.Code(FoundingMode, required=True)
    enterprise_ids = fields.Many(
        fields.Id(), load_default=list, metadata={"description": "Whose workers it organises: one if founded singly"}
    )


@command(
    post("/v1/unions/{union_id}/approve"),
    reply=UnionView,
    roles=(Role.ZONE_OFFICER, Role.HIGHER_UNION),
    scope=Scope.RECORD,
    errors=("illegal_transition", "own_approval", "date_in_future", "approved_before_founding", "law_not_loaded"),
    versioned=True,
)
class ApproveUnion(Request):
    """Approve a founding, as an organisation above the union (工会法 art 12)."""

    union_id = fields.Id(required=True)
    approved_on = fields.LocalDate(required=True)


@query(get("/v1/unions/{union_id}"), reply=UnionView, roles=EVERYBODY, errors=("not_found",))
class GetUnion(Request):
    """Read one union; unions are public."""

    union_id = fields.Id(required=True)


@query(get("/v1/unions"), reply=page_of(UnionView), roles=EVERYBODY)
class ListUnions(PageRequest):
    """List unions, newest first, below one union if `under` is given."""

    under = fields.Id()


class UnionNode(Schema):
    """A union in the tree."""

    id = fields.Id(required=True)
    superior_id = fields.Id(required=True, allow_none=True)
    name = fields.Text(required=True)
    depth = fields.Count(required=True)
    state = fields.Code(UnionState, required=True)


class UnionTree(Schema):
    """A union and all below it, parents before children."""

    nodes = fields.Many(fields.Part(UnionNode), longest=10_000, required=True)


@query(get("/v1/unions/tree"), reply=UnionTree, roles=EVERYBODY, errors=("not_found", "answer_too_long"))
class GetUnionTree(Request):
    """Read the tree below a union, or all trees."""

    root = fields.Id()


class _UnionEvent(_Union, Event):
    union_id = fields.Id(required=True)
    enterprise_ids = fields.Many(fields.Id())


@event(Classification.PUBLIC, subject="union_id")
class UnionFounded(_UnionEvent):
    """The founding of a union was submitted to its superior."""


@event(Classification.PUBLIC, subject="union_id")
class UnionApproved(_UnionEvent):
    """A union was approved by its superior and may act."""
