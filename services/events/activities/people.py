"""Decides on the people of an attendance list: who may be on it, and which worker category each had on the day."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.member_register import members_on
from chassis.work import Work
from contracts.events.registrations import RegistrationState
from services.events.activities import attendance
from services.events.activities.models import Activity
from services.events.activities.rules import KINDS
from services.events.lists import check_lines
from services.events.registrations import places


def categorised(work: Work, activity: Activity, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines, each with its worker category.

    Raises Refused `not_registered`, `no_place_left` and `worker_category_missing`.
    """
    assert activity.held_on is not None
    people = [line["subject_key"] for line in lines]
    if KINDS[activity.kind].registered:
        _check_places(work, activity, people)
    members = members_on(work.session, people, activity.held_on)
    # what the register says goes before what the list says
    categories = [
        line["worker_category"] if (member := members.get(line["subject_key"])) is None else member.worker_category
        for line in lines
    ]
    check_lines("worker_category_missing", "attendances", categories, (None,))
    return [{**line, "worker_category": category} for line, category in zip(lines, categories, strict=True)]


def _check_places(work: Work, activity: Activity, people: Sequence[str]) -> None:
    """Whoever waited comes where somebody with a place does not, as long as no more have come than there are places."""
    registered = places.registered(work.session, activity.id, people)
    check_lines("not_registered", "attendances", people, set(people) - registered.keys())
    new = set(people) - attendance.those_listed(work.session, activity.id, people)
    if activity.quota is not None and activity.distinct_subjects + len(new) > activity.quota:
        waited = {one for one in new if registered[one].state == RegistrationState.WAITLISTED}
        check_lines("no_place_left", "attendances", people, waited)
