"""Posts in unions: who chairs, keeps the money, audits and serves, as long as the post lasts."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema


class Body(StrEnum):
    """The body in which a post is held."""

    COMMITTEE = "committee"
    STANDING = "standing"
    AUDIT = "audit"
    WOMEN = "women"
    MEDIATION = "mediation"
    SUPERVISION = "supervision"


class Post(StrEnum):
    """What its holder is in that body."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    OFFICER = "officer"
    FINANCE = "finance"


class PostKind(StrEnum):
    """How its holder came to it."""

    ELECTED = "elected"
    APPOINTED = "appointed"
    SECONDMENT = "secondment"
    PART_TIME = "part_time"


class PostState(StrEnum):
    """Whether a post is held."""

    HELD = "held"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why somebody holds a post no longer."""

    TERM_OVER = "term_over"
    RESIGNED = "resigned"
    RECALLED = "recalled"
    LEFT_UNION = "left_union"
    MEMBERSHIP_RETAINED = "membership_retained"
    TRANSFERRED = "transferred"
    UNION_DISSOLVED = "union_dissolved"
    EXPELLED = "expelled"
    DIED = "died"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"
    OTHER = "other"


#: Reasons that come with a change of the membership or of the union, by themselves, and that nobody gives.
_BY_THEMSELVES = (
    EndReason.MEMBERSHIP_RETAINED,
    EndReason.TRANSFERRED,
    EndReason.UNION_DISSOLVED,
    EndReason.EXPELLED,
    EndReason.DIED,
)
GIVEN_REASONS = tuple(reason for reason in EndReason if reason not in _BY_THEMSELVES)
#: Roles that record posts from paper, until elections record them; not the importer, for a post gives powers.
RECORDERS = (Role.ZONE_OFFICER, Role.HIGHER_UNION)
#: Roles that read who holds the posts of their unions.
READERS = (*RECORDERS, Role.CHAIR, Role.OFFICER, Role.FINANCE, Role.AUDIT, Role.WOMEN, Role.ZONE_LEADER)


class _Post(Schema):
    union_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    body = fields.Code(Body, required=True)
    post = fields.Code(Post, required=True)
    kind = fields.Code(PostKind, required=True)
    full_time = fields.Flag(required=True)
    host = fields.Text(
        required=True, allow_none=True, metadata={"description": "Of a secondment, the organisation that it is in"}
    )
    state = fields.Code(PostState, required=True)
    started_on = fields.LocalDate(required=True)
    ended_on = fields.LocalDate(required=True, allow_none=True)
    ended_reason = fields.Code(EndReason, required=True, allow_none=True)


class PostView(_Post):
    """A post in a union and who holds it."""

    id = fields.Id(required=True)
    resolution_ref = fields.Text(required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


@command(
    post("/v1/posts", 201),
    reply=PostView,
    roles=RECORDERS,
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=(
        "not_found",
        "union_not_approved",
        "unknown_subject",
        "not_a_member_there",
        "post_taken",
        "finance_and_audit",
        "no_such_post_in_body",
        "date_in_future",
    ),
)
class StartPost(Request):
    """Record from its resolution that a member holds a post; nobody audits a union who chairs it or keeps its money."""

    union_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    body = fields.Code(Body, required=True)
    post = fields.Code(Post, required=True)
    kind = fields.Code(PostKind, load_default=PostKind.ELECTED)
    full_time = fields.Flag(load_default=False)
    host = fields.Text(load_default=None, allow_none=True)
    started_on = fields.LocalDate(required=True)
    resolution_ref = fields.Text(required=True)


@command(
    post("/v1/posts/{post_id}/end"),
    reply=PostView,
    roles=RECORDERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "date_in_future", "ends_before_start"),
    versioned=True,
)
class EndPost(Request):
    """Record that a post is held no longer."""

    post_id = fields.Id(required=True)
    ended_on = fields.LocalDate(required=True)
    reason = fields.Code(GIVEN_REASONS, required=True)


@query(get("/v1/posts/{post_id}"), reply=PostView, roles=READERS, errors=("not_found",))
class GetPost(Request):
    """Read one post of one's unions."""

    post_id = fields.Id(required=True)


@query(get("/v1/posts"), reply=page_of(PostView), roles=READERS, scope=Scope.FILTER)
class ListPosts(PageRequest):
    """List the posts of one's unions, newest first."""

    union = fields.Id(metadata={"description": "Of this union or one below it"})
    subject_key = fields.SubjectKey()
    state = fields.Code(PostState)


class _PostEvent(_Post, Event):
    post_id = fields.Id(required=True)


@event(Classification.PSEUDONYMOUS, subject="post_id")
class OfficePostStarted(_PostEvent):
    """Somebody holds a post in a union."""


@event(Classification.PSEUDONYMOUS, subject="post_id")
class OfficePostEnded(_PostEvent):
    """Somebody holds a post no longer."""
