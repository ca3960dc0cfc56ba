"""Tells other services about a membership, always with the whole state that they may hold and nothing more."""

from collections.abc import Mapping
from typing import Any

from chassis.work import EventSource, Work
from contracts.declare import Event, by_name
from contracts.subscriptions import MEMBER_EVENTS
from kernel.regions import is_out_of_province
from services.membership.register.models import Employment, Membership

#: Events of a membership by the name that the state table gives them.
_EVENTS: Mapping[str, Event] = {name: event() for name, event in by_name(*MEMBER_EVENTS).items()}


def tell(work: Work, event: str, membership: EventSource, told: Mapping[str, Any], **details: Any) -> None:
    """Publish an event of a membership, whose state is `told`; `details` are what this event has beside it."""
    schema = _EVENTS[event]
    work.publish_data(type(schema), membership, schema.dump({**told, **details}))


def told(membership: Membership, employment: Employment) -> dict[str, Any]:
    """What others may know of a membership and the main work of its holder."""
    person = membership.person
    return {
        "membership_id": membership.id,
        "subject_key": person.subject_key,
        "union_id": membership.union_id,
        "employer_id": employment.employer_id,
        "state": membership.state,
        "worker_category": employment.worker_category,
        "is_industrial_worker": employment.is_industrial_worker,
        "out_of_province": comes_from_outside(person.household_region, membership.region_code),
        "sex": person.sex,
        "skill_level": employment.skill_level,
        "employed_since": employment.started_on,
        "joined_on": membership.joined_on,
        "effective_on": membership.effective_on,
    }


def comes_from_outside(household_region: str | None, region_code: str) -> bool:
    """Whether the household is registered outside the province of a union's region.

    One that nobody stated is not counted as outside: a figure must not grow by what is not known.
    """
    return household_region is not None and is_out_of_province(household_region, region_code[:2])
