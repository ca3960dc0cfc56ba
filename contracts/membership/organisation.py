"""Union organisations: founding, approval and the tree that every scope question is answered from."""

from enum import StrEnum
from typing import Any

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
    DISSOLVED = "dissolved"


#: States in which a union acts: it has members and posts, and does what unions do.
ACTING = (UnionState.APPROVED,)


class Rung(StrEnum):
    """How far a union has come on the ladder of maturity."""

    FOUNDED = "founded"
    RUNNING = "running"
    LIVELY = "lively"
    STRONG = "strong"


class DissolutionBasis(StrEnum):
    """Why a union ends: nobody dissolves one at will (工会法 art 13; R-ORG-06)."""

    #: Its members' meeting resolved it, and the superior agrees (工会章程 art 16; R-ORG-05).
    RESOLUTION = "resolution"
    #: The enterprise that it was of has ended; no resolution is needed.
    EMPLOYER_ENDED = "employer_ended"


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
    rung = fields.Code(Rung)
    founded_on = fields.LocalDate(required=True)
    approved_on = fields.LocalDate(required=True, allow_none=True)


class UnionView(_Union):
    """A union organisation."""

    rung = fields.Code(Rung, required=True)
    enterprise_ids = fields.Many(fields.Id(), required=True)
    plaque_on = fields.LocalDate(required=True, allow_none=True)
    uscc = fields.Uscc(required=True, allow_none=True)
    legal_certificate_no = fields.Text(longest=60, required=True, allow_none=True)
    legal_certificate_until = fields.LocalDate(required=True, allow_none=True)
    dissolved_on = fields.LocalDate(required=True, allow_none=True)
    id = fields.Id(required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnUnion(Request):
    union_id = fields.Id(required=True)


#: Roles that decide about unions below the organisation where they are held, never about that organisation itself.
SUPERIORS = (Role.ZONE_OFFICER, Role.HIGHER_UNION)


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
    roles=SUPERIORS,
    scope=Scope.RECORD,
    errors=(
        "illegal_transition",
        "own_approval",
        "union_not_approved",
        "date_in_future",
        "approved_before_founding",
        "law_not_loaded",
    ),
    versioned=True,
)
class ApproveUnion(_OnUnion):
    """Approve a founding, as an organisation above the union (工会法 art 12)."""

    approved_on = fields.LocalDate(required=True)


def _decision(action: str, *errors: str) -> Any:
    """A command of the organisation above a union."""
    return command(
        post(f"/v1/unions/{{union_id}}/{action}"),
        reply=UnionView,
        roles=SUPERIORS,
        scope=Scope.RECORD,
        errors=("illegal_transition", "own_approval", "law_not_loaded", *errors),
        versioned=True,
    )


@_decision("plaque", "date_in_future", "before_approval", "already_awarded")
class AwardPlaque(_OnUnion):
    """Record that the organisation above awarded a union its plaque."""

    awarded_on = fields.LocalDate(required=True)


@_decision("legal-person", "date_in_future", "before_approval", "not_a_union_code", "uscc_taken", "ends_before_start")
class RecordLegalPerson(_OnUnion):
    """Record a union's certificate as a legal person (工会法 art 15; R-ORG-15); a later one takes the place of it."""

    uscc = fields.Uscc(required=True)
    certificate_no = fields.Text(longest=60, required=True)
    issued_on = fields.LocalDate(required=True)
    valid_until = fields.LocalDate(load_default=None, allow_none=True)


@_decision("rename", "union_name_taken")
class RenameUnion(_OnUnion):
    """Give a union another name."""

    name = fields.Name(required=True)
    short_name = fields.Name(longest=60, required=True)


@_decision(
    "move", "not_found", "outside_scope", "union_not_approved", "tree_too_deep", "below_itself", "union_name_taken"
)
class MoveUnion(_OnUnion):
    """Put a union, with all below it, under another superior."""

    superior_id = fields.Id(required=True)


@_decision("rung")
class AssessUnion(_OnUnion):
    """Set how far a union has come, as the organisation above sees it; it may also fall back."""

    rung = fields.Code(Rung, required=True)


@_decision(
    "dissolve", "date_in_future", "before_approval", "resolution_missing", "union_has_members", "union_has_unions"
)
class DissolveUnion(_OnUnion):
    """End a union whose members have gone elsewhere or are retained (工会法 art 13); its posts end with it."""

    basis = fields.Code(DissolutionBasis, required=True)
    dissolved_on = fields.LocalDate(required=True)
    resolution_ref = fields.Text(
        load_default=None, allow_none=True, metadata={"description": "Of the members' meeting, where it resolved"}
    )


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


@event(Classification.PUBLIC, subject="union_id")
class UnionPlaqueAwarded(_UnionEvent):
    """The organisation above awarded a union its plaque."""

    plaque_on = fields.LocalDate(required=True)


@event(Classification.PUBLIC, subject="union_id")
class UnionRenamed(_UnionEvent):
    """A union has another name."""


@event(Classification.PUBLIC, subject="union_id")
class UnionMoved(_UnionEvent):
    """A union has another superior."""


@event(Classification.PUBLIC, subject="union_id")
class UnionRungChanged(_UnionEvent):
    """A union stands on another rung of the ladder of maturity."""


@event(Classification.PUBLIC, subject="union_id")
class UnionDissolved(_UnionEvent):
    """A union has ended."""

    dissolved_on = fields.LocalDate(required=True)
