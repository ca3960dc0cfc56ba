"""Activities: from a draft to a closed list of who came, which is what reports count."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema
from kernel.codes.worker_category import WorkerCategory

#: Sessions one activity may have.
MOST_SESSIONS = 366
#: Attendances that one request may carry; longer lists come in several requests.
MOST_ATTENDANCES = 1000
#: Attendances that one activity may have, so that closing it, which tells of each, stays one short transaction.
LONGEST_LIST = 20_000


class ActivityKind(StrEnum):
    """What an activity is; more kinds come with the capabilities that need them."""

    STUDY = "study"
    COMPETITION = "competition"


class Dimension(StrEnum):
    """The side of a worker's life that an activity serves."""

    LIFE = "life"
    BODY_MIND = "body_mind"
    RESPONSIBILITY = "responsibility"


class ActivityState(StrEnum):
    """Where an activity stands; only `closed` counts in reports."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    VOIDED = "voided"


class CancelReason(StrEnum):
    """Why an activity does not take place."""

    WEATHER = "weather"
    TOO_FEW = "too_few"
    ORGANISER = "organiser"
    OTHER = "other"


class CorrectionReason(StrEnum):
    """Why a closed activity is corrected or voided."""

    WRONG_DATE = "wrong_date"
    WRONG_COUNT = "wrong_count"
    RECORDED_TWICE = "recorded_twice"
    DID_NOT_TAKE_PLACE = "did_not_take_place"
    OTHER = "other"


#: Roles that prepare and keep the activities of their union.
ORGANISERS = (Role.OFFICER, Role.CHAIR, Role.ZONE_OFFICER)
#: Roles that decide on them.
DECIDERS = (Role.CHAIR, Role.ZONE_OFFICER)


class ActivityView(Schema):
    """An activity."""

    id = fields.Id(required=True)
    kind = fields.Code(ActivityKind, required=True)
    title = fields.Text(required=True)
    theme = fields.Text(required=True, allow_none=True)
    carrier = fields.Text(required=True, allow_none=True)
    tier = fields.Text(longest=20, required=True, allow_none=True, metadata={"description": "Of a contest"})
    dimension = fields.Code(Dimension, required=True, allow_none=True)
    organizer_union_id = fields.Id(required=True)
    place = fields.Text(required=True, allow_none=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    quota = fields.Count(required=True, allow_none=True)
    state = fields.Code(ActivityState, required=True)
    held_on = fields.LocalDate(required=True, allow_none=True)
    sessions = fields.Count(required=True)
    attendances = fields.Count(required=True)
    distinct_subjects = fields.Count(required=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnActivity(Request):
    activity_id = fields.Id(required=True)


@command(
    post("/v1/activities", 201),
    reply=ActivityView,
    roles=ORGANISERS,
    scope=Scope.FIELD,
    scope_field="organizer_union_id",
    errors=("not_yet_known", "union_not_approved", "ends_before_start", "tier_missing", "tier_unknown", "tier_not_apt"),
)
class DraftActivity(Request):
    """Draft an activity of a union."""

    organizer_union_id = fields.Id(required=True)
    kind = fields.Code(ActivityKind, required=True)
    title = fields.Text(required=True)
    theme = fields.Text(load_default=None, allow_none=True)
    carrier = fields.Text(load_default=None, allow_none=True)
    tier = fields.Text(
        longest=20,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Of a contest, and only of one: a tier of the federation that is valid on its first day"
        },
    )
    dimension = fields.Code(Dimension, load_default=None, allow_none=True)
    place = fields.Text(load_default=None, allow_none=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    quota = fields.Count(1, load_default=None, allow_none=True)


@command(
    post("/v1/activities/{activity_id}/submit"),
    reply=ActivityView,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class SubmitActivity(_OnActivity):
    """Submit a draft to those who decide on it."""


@command(
    post("/v1/activities/{activity_id}/approve"),
    reply=ActivityView,
    roles=DECIDERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class ApproveActivity(_OnActivity):
    """Approve a submitted activity."""


@command(
    post("/v1/activities/{activity_id}/publish"),
    reply=ActivityView,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class PublishActivity(_OnActivity):
    """Announce an approved activity."""


@command(
    post("/v1/activities/{activity_id}/hold"),
    reply=ActivityView,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "date_in_future", "held_before_plan"),
    versioned=True,
)
class HoldActivity(_OnActivity):
    """Record that the activity took place: on which day and in how many sessions."""

    held_on = fields.LocalDate(required=True)
    sessions = fields.Count(1, MOST_SESSIONS, load_default=1)


class AttendanceLine(Schema):
    """One person in one session."""

    subject_key = fields.SubjectKey(required=True)
    session_no = fields.Count(1, MOST_SESSIONS, load_default=1)
    worker_category = fields.Code(
        WorkerCategory,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of somebody who is no member; a member's is the one of the day"},
    )


class AttendanceRecorded(Schema):
    """What a list added; a person already there in that session is not counted twice."""

    activity_id = fields.Id(required=True)
    added = fields.Count(required=True)
    already_there = fields.Count(required=True)
    attendances = fields.Count(required=True)
    distinct_subjects = fields.Count(required=True)


@command(
    post("/v1/activities/{activity_id}/attendances"),
    reply=AttendanceRecorded,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=(
        "illegal_transition",
        "no_such_session",
        "attendance_list_full",
        "not_registered",
        "no_place_left",
        "worker_category_missing",
    ),
)
class RecordAttendance(_OnActivity):
    """Add people to the list of those who came to a held activity.

    Of an activity that takes registrations, those who are registered; whoever was waiting for a place had one if no
    more have come, this list counted, than there are places. Record those with a place first, or together with them.
    """

    attendances = fields.Many(fields.Part(AttendanceLine), longest=MOST_ATTENDANCES, shortest=1, required=True)


@command(
    post("/v1/activities/{activity_id}/close"),
    reply=ActivityView,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "no_attendance"),
    versioned=True,
)
class CloseActivity(_OnActivity):
    """Confirm the attendance list with its evidence; from now on reports count the activity."""

    evidence_ref = fields.Text(required=True)


@command(
    post("/v1/activities/{activity_id}/cancel"),
    reply=ActivityView,
    roles=ORGANISERS,
    scope=Scope.RECORD,
    errors=("illegal_transition",),
    versioned=True,
)
class CancelActivity(_OnActivity):
    """Cancel an activity before it takes place."""

    reason = fields.Code(CancelReason, required=True)


@command(
    post("/v1/activities/{activity_id}/correct"),
    reply=ActivityView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker", "date_in_future", "sessions_below_attendance"),
    versioned=True,
)
class CorrectActivity(_OnActivity):
    """Correct the day or the sessions of a closed activity, as another person than the one who closed it."""

    held_on = fields.LocalDate(required=True)
    sessions = fields.Count(1, MOST_SESSIONS, required=True)
    reason_code = fields.Code(CorrectionReason, required=True)


@command(
    post("/v1/activities/{activity_id}/void"),
    reply=ActivityView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("illegal_transition", "maker_is_checker"),
    versioned=True,
)
class VoidActivity(_OnActivity):
    """Take a closed activity out of every count, as another person than the one who closed it."""

    reason_code = fields.Code(CorrectionReason, required=True)


@query(get("/v1/activities/{activity_id}"), reply=ActivityView, roles=EVERYBODY, errors=("not_found",))
class GetActivity(_OnActivity):
    """Read one activity."""


@query(get("/v1/activities"), reply=page_of(ActivityView), roles=EVERYBODY)
class ListActivities(PageRequest):
    """List activities, newest first."""

    kind = fields.Code(ActivityKind)
    state = fields.Code(ActivityState)
    union = fields.Id(metadata={"description": "Organised by this union or one below it"})
    held_from = fields.LocalDate()
    held_to = fields.LocalDate()


class _ActivityEvent(Event):
    state = fields.Code(ActivityState, required=True)
    activity_id = fields.Id(required=True)
    kind = fields.Code(ActivityKind, required=True)
    dimension = fields.Code(Dimension, required=True, allow_none=True)
    theme = fields.Text(required=True, allow_none=True)
    carrier = fields.Text(required=True, allow_none=True)
    tier = fields.Text(longest=20, allow_none=True)
    union_id = fields.Id(required=True, attribute="organizer_union_id")
    starts_at = fields.Moment(required=True)
    quota = fields.Count(required=True, allow_none=True)
    held_on = fields.LocalDate(required=True, allow_none=True)
    sessions = fields.Count(required=True)
    attendances = fields.Count(required=True)
    distinct_subjects = fields.Count(required=True)


class _Correction(_ActivityEvent):
    corrects = fields.Id(required=True, metadata={"description": "Id of the event that this one replaces"})
    reason_code = fields.Code(CorrectionReason, required=True)


@event(Classification.PUBLIC, subject="activity_id")
class ActivityPublished(_ActivityEvent):
    """An activity was announced."""


@event(Classification.PUBLIC, subject="activity_id")
class ActivityHeld(_ActivityEvent):
    """An activity took place; its list of attendances is still open, so it does not count yet."""


@event(Classification.PUBLIC, subject="activity_id")
class ActivityClosed(_ActivityEvent):
    """The attendance list was confirmed with its evidence; the activity counts."""


@event(Classification.PUBLIC, subject="activity_id")
class ActivityCancelled(_ActivityEvent):
    """An announced activity will not take place."""


@event(Classification.PUBLIC, subject="activity_id")
class ActivityCorrected(_Correction):
    """A closed activity's day or sessions were corrected."""


@event(Classification.PUBLIC, subject="activity_id")
class ActivityVoided(_Correction):
    """A closed activity was taken out of every count."""


@event(Classification.PSEUDONYMOUS, subject="activity_id")
class ActivityAttended(Event):
    """One person came to one session of a closed activity."""

    activity_id = fields.Id(required=True)
    session_no = fields.Count(required=True)
    kind = fields.Code(ActivityKind, required=True)
    subject_key = fields.SubjectKey(required=True)
    worker_category = fields.Code(WorkerCategory, required=True)
    union_id = fields.Id(required=True)
    on = fields.LocalDate(required=True)
