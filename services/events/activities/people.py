"""Decides on the people of an attendance list: who may be on it, and which worker category each had on the day."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.member_register import members_on
from chassis.work import Work
from services.events.activities.models import Activity
from services.events.activities.rules import KINDS
from services.events.lists import check_lines
from services.events.registrations.steps import without_place


def categorised(work: Work, activity: Activity, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines, each with its worker category.

    Raises Refused `not_registered` and `worker_category_missing`.
    """
    assert activity.held_on is not None
    people = [line["subject_key"] for line in lines]
    if KINDS[activity.kind].registered:
        check_lines("not_registered", "attendances", people, without_place(work, activity, people))
    members = members_on(work.session, people, activity.held_on)
    # what the register says goes before what the list says
    categories = [
        line["worker_category"] if (member := members.get(line["subject_key"])) is None else member.worker_category
        for line in lines
    ]
    check_lines("worker_category_missing", "attendances", categories, (None,))
    return [{**line, "worker_category": category} for line, category in zip(lines, categories, strict=True)]
