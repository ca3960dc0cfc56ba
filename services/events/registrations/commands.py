"""Registering people or oneself, and giving places back, always under the lock of the activity's row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.commands import handles
from chassis.errors import Refused
from chassis.member_register import Member, members_on
from chassis.states import refused
from chassis.work import Work
from contracts.events import registrations as contract
from contracts.events.activities import ORGANISERS
from contracts.events.registrations import RegistrationState as State
from kernel.states import NEW
from services.events.activities.models import Activity
from services.events.lists import check_lines
from services.events.registrations import places
from services.events.registrations.models import Registration
from services.events.registrations.rules import Facts, entry, is_open
from services.events.registrations.steps import move


def check_right(work: Work, registration: Registration) -> None:
    """Oneself, and the organisers of the activity. Raises Refused."""
    if work.actor.subject_key != registration.subject_key:
        work.check_reach(registration.org_id, ORGANISERS)


@handles(contract.RegisterPeople, on=Activity)
def register_people(work: Work, activity: Activity, request: Mapping[str, Any]) -> dict[str, Any]:
    """Enter a list in its order; whoever is there already keeps place or turn."""
    asked = request["subject_keys"]
    there = _there(work, activity, asked)
    new = [subject_key for subject_key in dict.fromkeys(asked) if subject_key not in there]
    members, others = _members(work, new)
    for code, people in others.items():
        check_lines(code, "subject_keys", asked, people)
    states = Counter(one.state for one in _enter(work, activity, members))
    return {
        "activity_id": activity.id,
        "confirmed": states[State.CONFIRMED],
        "waitlisted": states[State.WAITLISTED],
        "already_there": len(asked) - len(new),
    }


@handles(contract.RegisterMyself, on=Activity)
def register_myself(work: Work, activity: Activity, _request: Mapping[str, Any]) -> Registration:
    """Enter whoever asks; one who is there already learns where they stand."""
    subject_key = work.actor.subject_key
    if subject_key is None:
        raise Refused("not_a_member")
    if there := _there(work, activity, [subject_key]):
        return there[subject_key]
    members, others = _members(work, [subject_key])
    for code in (code for code, people in others.items() if people):
        raise Refused(code)
    [registration] = _enter(work, activity, members)
    return registration


@handles(contract.CancelRegistration, on=Registration, first=places.lock_activity, right=check_right)
def cancel_registration(work: Work, registration: Registration, _request: Mapping[str, Any]) -> Registration:
    """Give up a place or a turn; a place that becomes free is the first one's who waits."""
    activity, had_place = registration.activity, registration.state == State.CONFIRMED
    move(work, activity, registration, registration.state, "cancel")
    waiting = places.first_waiting(work.session, activity.id) if had_place else None
    if waiting is not None:
        move(work, activity, waiting, waiting.state, "promote")
    return registration


def _there(work: Work, activity: Activity, people: Iterable[str]) -> dict[str, Registration]:
    """Those who are registered already. Raises Refused where registration is not open."""
    if refusal := is_open(Facts(activity.kind, activity.state)):
        raise refused(refusal)
    return places.registered(work.session, activity.id, people)


def _members(work: Work, people: Iterable[str]) -> tuple[dict[str, Member], dict[str, set[str]]]:
    """Active members of today, and all others by the code that says why they are not."""
    known = members_on(work.session, list(people), work.today)
    members = {one: member for one in people if (member := known.get(one)) is not None and member.is_active}
    strangers = set(people) - known.keys()
    return members, {"not_yet_known": strangers, "not_a_member": set(people) - strangers - members.keys()}


def _enter(work: Work, activity: Activity, members: Mapping[str, Member]) -> list[Registration]:
    """Give places to members in their order as long as there are any, then turns."""
    taken = places.taken(work.session, activity.id)
    if taken.live + len(members) > contract.MOST_REGISTRATIONS:
        raise Refused("registrations_full", params={"most": str(contract.MOST_REGISTRATIONS)})
    confirmed, entered = taken.confirmed, []
    for number, (subject_key, member) in enumerate(members.items(), taken.last_number + 1):
        registration = Registration(
            region_code=activity.region_code,
            activity=activity,
            activity_id=activity.id,
            number=number,
            subject_key=subject_key,
            worker_category=member.worker_category,
            union_id=member.union_id,
        )
        move(work, activity, registration, NEW, entry(activity.quota, confirmed))
        confirmed += registration.state == State.CONFIRMED
        entered.append(registration)
    work.session.add_all(entered)
    return entered
