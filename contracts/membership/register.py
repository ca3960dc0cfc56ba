"""The register of members: who belongs to which union, since when, and in which state; personal fields are masked."""

from enum import StrEnum
from typing import Any

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema
from kernel.codes.education import Education
from kernel.codes.employment_state import EmploymentState
from kernel.codes.ethnicity import Ethnicity
from kernel.codes.household_type import HouseholdType
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.codes.political_status import PoliticalStatus
from kernel.codes.sex import Sex
from kernel.codes.skill_level import SkillLevel
from kernel.codes.worker_category import WorkerCategory
from kernel.identifiers.documents import DocumentKind


class MembershipState(StrEnum):
    """Where a membership stands."""

    ACTIVE = "active"
    #: To another union, which has not answered yet.
    TRANSFERRING = "transferring"
    RETAINED = "retained"
    WITHDRAWN = "withdrawn"
    EXPELLED = "expelled"
    #: By death.
    ENDED = "ended"


#: States in which a membership counts, votes and pays; one that is retained does not (R-MEM-11, R-MEM-12).
COUNTED = (MembershipState.ACTIVE, MembershipState.TRANSFERRING)
#: States in which somebody belongs to a union, and can join no other.
BELONGING = (*COUNTED, MembershipState.RETAINED)
#: States that a membership ends in; whoever joins again has another one.
OVER = tuple(state for state in MembershipState if state not in BELONGING)


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


class PersonDetails(Schema):
    """Who wants to join, as the document shows it."""

    name = fields.Name(longest=60, required=True, metadata={"personal": True})
    document_kind = fields.Code(DocumentKind, load_default=DocumentKind.RESIDENT_ID)
    document_no = fields.Personal(longest=40, required=True)
    birth_date = fields.LocalDate(
        load_default=None, allow_none=True, metadata={"personal": True, "description": "Not needed with a resident ID"}
    )
    sex = fields.Code(Sex, load_default=None, allow_none=True)
    mobile = fields.Personal(longest=30, load_default=None, allow_none=True)
    ethnicity = fields.Code(Ethnicity, load_default=None, allow_none=True)
    education = fields.Code(Education, load_default=None, allow_none=True)
    political_status = fields.Code(PoliticalStatus, load_default=None, allow_none=True)
    household_region = fields.RegionCode(load_default=None, allow_none=True)
    household_type = fields.Code(HouseholdType, load_default=None, allow_none=True)
    is_rural_migrant = fields.Flag(load_default=None, allow_none=True)


class EmploymentDetails(Schema):
    """For whom the person works, and as what."""

    employer_id = fields.Id(load_default=None, allow_none=True)
    platform = fields.Text(longest=60, load_default=None, allow_none=True)
    station = fields.Text(longest=60, load_default=None, allow_none=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    is_industrial_worker = fields.Flag(load_default=False)
    employment_state = fields.Code(EmploymentState, load_default=EmploymentState.ON_POST)
    job_title = fields.Text(longest=60, load_default=None, allow_none=True)
    employee_no = fields.Text(longest=40, load_default=None, allow_none=True)
    skill_level = fields.Code(SkillLevel, load_default=None, allow_none=True)
    started_on = fields.LocalDate(load_default=None, allow_none=True)


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
    expulsion_filed_on = fields.LocalDate(
        required=True, allow_none=True, metadata={"description": "Since when the union above has the expulsion"}
    )
    version = fields.Count(required=True)
    _actions = fields.Actions()


@query(get("/v1/members/{membership_id}"), reply=MemberView, roles=READERS, errors=("not_found",))
class GetMember(Request):
    """Read one membership of one's unions."""

    membership_id = fields.Id(required=True)


@query(get("/v1/members"), reply=page_of(MemberView), roles=READERS, scope=Scope.FILTER)
class ListMembers(PageRequest):
    """List the memberships of one's unions, newest first.

    With `as_of`, union, state and since when are those of that day, and who joined later is left out; persons and their
    work are shown as they are now.
    """

    as_of = fields.LocalDate()
    union = fields.Id(metadata={"description": "Of this union or one below it"})
    state = fields.Code(MembershipState)
    category = fields.Code(WorkerCategory)
    enterprise = fields.Id(metadata={"description": "Who work for this enterprise"})
    subject_key = fields.SubjectKey()
    member_no = fields.Text(longest=40)


class ChangeView(Schema):
    """One change of a membership, as it was decided."""

    change_type = fields.Code(
        ChangeType,
        required=True,
        allow_none=True,
        metadata={"description": "None where the real-name register has no code for it: a reinstatement, a death"},
    )
    reason = fields.Code(ChangeReason, required=True, allow_none=True)
    state = fields.Code(MembershipState, required=True, metadata={"description": "What it led to"})
    union_id = fields.Id(required=True)
    from_union_id = fields.Id(
        required=True, allow_none=True, metadata={"description": "Which the member left for this one"}
    )
    effective_on = fields.LocalDate(required=True)
    document_refs = fields.Many(fields.Text(), required=True)


class MemberHistory(Schema):
    """Every change of a membership, the first one first; none is ever rewritten."""

    changes = fields.Many(fields.Part(ChangeView), required=True)


@query(get("/v1/members/{membership_id}/changes"), reply=MemberHistory, roles=READERS, errors=("not_found",))
class GetMemberHistory(Request):
    """Read how one membership of one's unions changed."""

    membership_id = fields.Id(required=True)


class _OnMembership(Request):
    membership_id = fields.Id(required=True)
    effective_on = fields.LocalDate(required=True)


#: How every change of a membership may be refused.
_CHANGE_ERRORS = ("illegal_transition", "date_in_future", "before_last_change")


def _changes(action: str, *errors: str, roles: tuple[Role, ...] = (Role.CHAIR,)) -> Any:
    return command(
        post(f"/v1/memberships/{{membership_id}}/{action}"),
        reply=MemberView,
        roles=roles,
        scope=Scope.RECORD,
        errors=(*_CHANGE_ERRORS, *errors),
        versioned=True,
    )


@_changes("retain", "reason_does_not_retain")
class RetainMember(_OnMembership):
    """Retain the membership of somebody without work or in retirement: no dues, no vote, not counted (R-MEM-11, 12).

    Whoever cannot be elected holds no post either: the person's posts end with that day.
    """

    reason = fields.Code(ChangeReason, required=True)


@_changes("reinstate", "unknown_enterprise", "retired_cannot_join", "union_not_approved")
class ReinstateMember(_OnMembership):
    """Make a retained membership count again, for whoever has work once more (R-MEM-11)."""

    employment = fields.Part(EmploymentDetails, required=True)


@_changes("withdraw")
class DeclareWithdrawal(_OnMembership):
    """Declare that a member has left by their own wish, which is free (工会章程 art 6; R-MEM-13)."""

    request_ref = fields.Text(required=True, metadata={"description": "Where the member's statement lies"})


@_changes("expel")
class ExpelMember(_OnMembership):
    """Expel somebody punished for a serious crime, as the basic committee decided (工会章程 art 7; R-MEM-15)."""

    court_document_ref = fields.Text(required=True)
    group_opinion_ref = fields.Text(required=True, metadata={"description": "Where the union group's opinion lies"})


@command(
    post("/v1/memberships/{membership_id}/file-expulsion"),
    reply=MemberView,
    roles=(Role.ZONE_OFFICER, Role.HIGHER_UNION),
    scope=Scope.RECORD,
    errors=("illegal_transition", "date_in_future", "before_last_change"),
    versioned=True,
)
class FileExpulsion(Request):
    """Record that the union above has taken an expulsion to its files (工会章程 art 7; R-MEM-15)."""

    membership_id = fields.Id(required=True)
    filed_on = fields.LocalDate(required=True)


@_changes("record-death", roles=(Role.CHAIR, Role.OFFICER))
class RecordDeath(_OnMembership):
    """Record a member's death: the membership ends that day, and with it the person's posts."""

    document_ref = fields.Text(load_default=None, allow_none=True)


class _MemberEvent(_Membership, Event):
    membership_id = fields.Id(required=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberJoined(_MemberEvent):
    """Somebody became a member of a union."""

    channel = fields.Code(Channel, required=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberTransferred(_MemberEvent):
    """Another union took a member over."""

    from_union = fields.Id(required=True)
    to_union = fields.Id(required=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberAttributesChanged(_MemberEvent):
    """What is told of a member has changed, and no event of another name says how."""


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberRetained(_MemberEvent):
    """A membership is retained: it no longer counts."""

    reason = fields.Code(ChangeReason, required=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberReinstated(_MemberEvent):
    """A membership that was retained counts again."""

    reason = fields.Code(ChangeReason, required=True)


class _Ending(_MemberEvent):
    change_type = fields.Code(ChangeType, required=True, allow_none=True)
    reason = fields.Code(ChangeReason, required=True, allow_none=True)


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberLeft(_Ending):
    """Somebody left their union."""


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberExpelled(_Ending):
    """A union expelled a member."""


@event(Classification.PSEUDONYMOUS, subject="membership_id")
class MemberDeceased(_Ending):
    """A member died."""
