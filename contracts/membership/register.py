"""The register of members: who belongs to which union, since when, and in which state; personal fields are masked."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from kernel.codes.education import Education
from kernel.codes.ethnicity import Ethnicity
from kernel.codes.membership_change import ChangeReason
from kernel.codes.sex import Sex
from kernel.codes.skill_level import SkillLevel
from kernel.codes.worker_category import WorkerCategory
from kernel.identifiers.documents import DocumentKind


class MembershipState(StrEnum):
    """Where a membership stands; transfer, withdrawal and expulsion come with their own commands."""

    ACTIVE = "active"
    RETAINED = "retained"


class Channel(StrEnum):
    """How somebody asked to join."""

    ORAL = "oral"
    PAPER = "paper"
    WEB = "web"
    QR = "qr"
    IMPORT = "import"


#: Roles that read the members of their unions.
READERS = (
    Role.GROUP_LEADER,
    Role.CHAIR,
    Role.OFFICER,
    Role.WOMEN,
    Role.ZONE_OFFICER,
    Role.ZONE_LEADER,
    Role.HIGHER_UNION,
    Role.IMPORTER,
)


class _Membership(Schema):
    subject_key = fields.SubjectKey(required=True)
    union_id = fields.Id(required=True)
    employer_id = fields.Id(required=True, allow_none=True)
    state = fields.Code(MembershipState, required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    is_industrial_worker = fields.Flag(required=True)
    out_of_province = fields.Flag(
        required=True, metadata={"description": "Whether the household is registered outside the union's province"}
    )
    sex = fields.Code(Sex, required=True)
    skill_level = fields.Code(SkillLevel, required=True, allow_none=True)
    employed_since = fields.LocalDate(required=True, allow_none=True)
    joined_on = fields.LocalDate(required=True)
    effective_on = fields.LocalDate(required=True, metadata={"description": "Since when the state holds"})


class MemberView(_Membership):
    """A membership and its person, whose name and numbers are masked."""

    id = fields.Id(required=True)
    member_no = fields.Text(longest=40, required=True, allow_none=True)
    employee_no = fields.Text(longest=40, required=True, allow_none=True)
    name = fields.Masked(required=True)
    document_kind = fields.Code(DocumentKind, required=True)
    document_no = fields.Masked(required=True)
    mobile = fields.Masked(required=True, allow_none=True)
    birth_year = fields.Count(required=True, allow_none=True)
    ethnicity = fields.Code(Ethnicity, required=True, allow_none=True)
    education = fields.Code(Education, required=True, allow_none=True)
    household_region = fields.RegionCode(required=True, allow_none=True)
    is_rural_migrant = fields.Flag(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


@query(get("/v1/members/{membership_id}"), reply=MemberView, roles=READERS, errors=("not_found",))
class GetMember(Request):
    """Read one membership of one's unions."""

    membership_id = fields.Id(required=True)


@query(get("/v1/members"), reply=page_of(MemberView), roles=READERS, scope=Scope.FILTER)
class ListMembers(PageRequest):
    """List the memberships of one's unions, newest first."""

    union = fields.Id(metadata={"description": "Of this union or one below it"})
    state = fields.Code(MembershipState)
    category = fields.Code(WorkerCategory)
    enterprise = fields.Id(metadata={"description": "Who work for this enterprise"})
    subject_key = fields.SubjectKey()
    member_no = fields.Text(longest=40)


@command(
    post("/v1/memberships/{membership_id}/retain"),
    reply=MemberView,
    roles=(Role.CHAIR,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "reason_does_not_retain", "date_in_future", "before_joining"),
    versioned=True,
)
class RetainMember(Request):
    """Retain the membership of somebody without work or in retirement: no dues, no vote, not counted (R-MEM-11, 12).

    Whoever cannot be elected holds no post either: the person's posts end with that day.
    """

    membership_id = fields.Id(required=True)
    reason = fields.Code(ChangeReason, required=True)
    effective_on = fields.LocalDate(required=True)


class _MemberEvent(_Membership, Event):
    membership_id = fields.Id(required=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberJoined(_MemberEvent):
    """Somebody became a member of a union."""

    channel = fields.Code(Channel, required=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberRetained(_MemberEvent):
    """A membership is retained: it no longer counts."""

    reason = fields.Code(ChangeReason, required=True)
