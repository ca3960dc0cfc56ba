"""What changes activities: each command takes one step of the state table and tells it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import refused, step
from chassis.work import Work
from contracts.declare import by_name
from contracts.events import activities as contract
from kernel.states import Transition
from kernel.zone import SHANGHAI
from services.events.activities import attendance
from services.events.activities.models import Activity
from services.events.activities.people import categorised
from services.events.activities.queries import COLUMNS, view
from services.events.activities.rules import ACTIVITY, KINDS, Facts, may_be_drafted, names_its_tier
from services.events.contest_tiers.queries import in_use
from services.events.registrations.steps import call_off, settle

#: Events that carry the activity's whole state.
_STATE_EVENTS = by_name(
    contract.ActivityPublished,
    contract.ActivityHeld,
    contract.ActivityClosed,
    contract.ActivityCancelled,
    contract.ActivityCorrected,
    contract.ActivityVoided,
)

#: A draft tells nobody and changes no more in its unit of work: one statement makes it and gives its view.
_DRAFT = insert(Activity).returning(*COLUMNS)


@handles(contract.DraftActivity)
def draft_activity(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Draft an activity of the union that the request names."""
    assert work.standing is not None
    refusal = may_be_drafted(work.standing.state, request["starts_at"], request["ends_at"])
    if refusal := refusal or names_its_tier(request["kind"], request["tier"]):
        raise refused(refusal)
    if request["tier"] is not None:
        _check_tier(work, request)
    values = {**request, "state": ACTIVITY.initial, "region_code": work.standing.region_code}
    return view(work.session.connection().execute(_DRAFT, values).one())


@handles(contract.SubmitActivity, on=Activity)
def submit_activity(work: Work, activity: Activity, _request: Mapping[str, Any]) -> Activity:
    """Submit a draft."""
    return _tell(work, activity, _step(work, activity, "submit"))


@handles(contract.ApproveActivity, on=Activity)
def approve_activity(work: Work, activity: Activity, _request: Mapping[str, Any]) -> Activity:
    """Approve what was submitted."""
    return _tell(work, activity, _step(work, activity, "approve"))


@handles(contract.PublishActivity, on=Activity)
def publish_activity(work: Work, activity: Activity, _request: Mapping[str, Any]) -> Activity:
    """Announce an approved activity."""
    return _tell(work, activity, _step(work, activity, "publish"))


@handles(contract.HoldActivity, on=Activity)
def hold_activity(work: Work, activity: Activity, request: Mapping[str, Any]) -> Activity:
    """Record the day and the number of sessions."""
    taken = _step(work, activity, "hold", held_on=request["held_on"])
    activity.held_on, activity.sessions = request["held_on"], request["sessions"]
    return _tell(work, activity, taken)


@handles(contract.RecordAttendance, on=Activity)
def record_attendance(work: Work, activity: Activity, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add lines to the list; the activity's counts grow by what was new."""
    lines = request["attendances"]
    _step(work, activity, "record_attendance", last_session=max(line["session_no"] for line in lines))
    added = attendance.add(work.session, activity.id, categorised(work, activity, lines))
    if activity.attendances + added.lines > contract.LONGEST_LIST:
        raise Refused("attendance_list_full", field="attendances", params={"most": str(contract.LONGEST_LIST)})
    activity.attendances += added.lines
    activity.distinct_subjects += added.subjects
    return {
        "activity_id": activity.id,
        "added": added.lines,
        "already_there": len(lines) - added.lines,
        "attendances": activity.attendances,
        "distinct_subjects": activity.distinct_subjects,
    }


@handles(contract.CloseActivity, on=Activity)
def close_activity(work: Work, activity: Activity, request: Mapping[str, Any]) -> Activity:
    """Confirm the list, tell of each person in each session, and say who had a place and did not come."""
    taken = _step(work, activity, "close")
    people = attendance.listed(work.session, activity.id)
    activity.closed_by, activity.evidence_ref = work.actor.id, request["evidence_ref"]
    _tell(work, activity, taken)
    _tell_attendances(work, activity, people)
    if KINDS[activity.kind].registered:
        settle(work, activity)
    return activity


@handles(contract.CancelActivity, on=Activity)
def cancel_activity(work: Work, activity: Activity, request: Mapping[str, Any]) -> Activity:
    """Cancel before it takes place, and with it who is registered; told only if it had been announced."""
    taken = _step(work, activity, "cancel")
    activity.cancel_reason = request["reason"]
    _tell(work, activity, taken)
    if KINDS[activity.kind].registered:
        call_off(work, activity)
    return activity


@handles(contract.CorrectActivity, on=Activity)
def correct_activity(work: Work, activity: Activity, request: Mapping[str, Any]) -> Activity:
    """Correct the day or the number of sessions."""
    asked = {"held_on": request["held_on"], "sessions": request["sessions"]}
    last_session = attendance.last_session(work.session, activity.id)
    taken = _step(work, activity, "correct", last_session=last_session, **asked)
    activity.held_on, activity.sessions = request["held_on"], request["sessions"]
    return _tell(work, activity, taken, **_replacement(activity, request))


@handles(contract.VoidActivity, on=Activity)
def void_activity(work: Work, activity: Activity, request: Mapping[str, Any]) -> Activity:
    """Take it out of every count."""
    return _tell(work, activity, _step(work, activity, "void"), **_replacement(activity, request))


def _check_tier(work: Work, request: Mapping[str, Any]) -> None:
    union_id, day = request["organizer_union_id"], _local_day(request["starts_at"])
    if not in_use(work.session, work.tree, union_id, request["tier"], day):
        raise Refused("tier_unknown", field="tier")


def _step(work: Work, activity: Activity, command: str, **asked: Any) -> Transition[Facts]:
    """The step that a command takes from where the activity stands; `asked` are facts that the command names."""
    stands = {"held_on": activity.held_on, "sessions": activity.sessions, "attendances": activity.attendances}
    starts_on = _local_day(activity.starts_at)
    facts = Facts(work.today, work.actor.id, starts_on, closed_by=activity.closed_by, **(stands | asked))
    return step(ACTIVITY, activity.state, command, facts)


def _local_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _tell(work: Work, activity: Activity, taken: Transition[Facts], **details: str) -> Activity:
    """Move the activity and publish what the step says."""
    activity.state = taken.target
    for name in taken.events:
        if event := _STATE_EVENTS.get(name):
            activity.last_event_id = UUID(work.publish(event, activity, **details))
    return activity


def _tell_attendances(work: Work, activity: Activity, people: Sequence[attendance.Line]) -> None:
    """One event for each person in each session."""
    assert activity.held_on is not None
    same = {
        "activity_id": str(activity.id),
        "kind": activity.kind,
        "union_id": str(activity.organizer_union_id),
        "on": activity.held_on.isoformat(),
    }
    for session_no, subject_key, worker_category in people:
        person = {"session_no": session_no, "subject_key": subject_key, "worker_category": worker_category}
        work.publish_data(contract.ActivityAttended, activity, same | person)


def _replacement(activity: Activity, request: Mapping[str, Any]) -> dict[str, str]:
    return {"corrects": str(activity.last_event_id), "reason_code": request["reason_code"]}
