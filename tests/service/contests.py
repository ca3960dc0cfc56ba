"""What tests of contests share: members whom only the events service knows, tiers, and contests with few places."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import uuid4

from chassis.actor import Actor, Grant
from chassis.errors import Refused
from contracts.events import activities, contest_tiers, registrations
from contracts.events.activities import ActivityState as State
from contracts.roles import Role
from tests.service.harness import Universe
from tests.service.tidings import a_person, told

#: What a tier is asked with beside its federation.
TIER = {"code": "elite", "name": {"zh": "精英级", "en": "Elite"}, "valid_from": "2023-01-01"}


def members(universe: Universe, number: int, **changes: Any) -> list[str]:
    """The keys of so many active members of the union `home`."""
    people = [a_person() for _ in range(number)]
    joined(universe, people, **changes)
    return people


def joined(universe: Universe, people: Sequence[str], **changes: Any) -> None:
    """Have the events service hear that people joined the union `home`."""
    universe.events.absorber.live([told(universe, one, **changes) for one in people])


def retained(universe: Universe, subject_key: str, on: date, **changes: Any) -> None:
    """Have the events service hear that a member is retained from a day on."""
    event = told(universe, subject_key, 2, state="retained", effective_on=on.isoformat(), **changes)
    universe.events.absorber.live([event])


def tier(universe: Universe, **changes: Any) -> dict[str, Any]:
    """A tier of the federation, in use since the beginning of 2023."""
    fields = {"union_id": universe.federation, **TIER, **changes}
    return universe.events.do(contest_tiers.AddContestTier, universe.zone_officer, **fields)


def contest(
    universe: Universe, people: Sequence[str] = (), state: State = State.OPEN, **changes: Any
) -> dict[str, Any]:
    """A contest for which some people registered as soon as it was open."""
    # of several contests only the first needs to bring the tier into use
    with suppress(Refused):
        tier(universe)
    activity = universe.activity(state, kind="competition", **{"tier": "elite", **changes})
    if people:
        register(universe, activity, people)
    return activity


def hold(universe: Universe, activity: dict[str, Any], sessions: int = 2) -> dict[str, Any]:
    asked = {"activity_id": activity["id"], "held_on": "2023-03-01", "sessions": sessions}
    return universe.events.do(activities.HoldActivity, universe.home.officer, **asked)


def close(universe: Universe, activity: dict[str, Any]) -> dict[str, Any]:
    asked = {"activity_id": activity["id"], "evidence_ref": "list-1"}
    return universe.events.do(activities.CloseActivity, universe.home.officer, **asked)


def register(universe: Universe, activity: dict[str, Any], people: Sequence[str]) -> dict[str, Any]:
    asked = {"activity_id": activity["id"], "subject_keys": list(people)}
    return universe.events.do(registrations.RegisterPeople, universe.home.officer, **asked)


def cancel(universe: Universe, registration: dict[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    asked = {"registration_id": registration["id"]}
    return universe.events.do(registrations.CancelRegistration, actor or universe.home.officer, **asked)


def listed(universe: Universe, activity: dict[str, Any], **filters: Any) -> list[dict[str, Any]]:
    """Who is registered, page by page, in the order in which they came."""
    asked = {"activity_id": activity["id"], **filters}
    rows: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = universe.events.do(registrations.ListRegistrations, universe.home.officer, **asked, **cursor)
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = {"cursor": page["next"]}


def states(universe: Universe, activity: dict[str, Any]) -> dict[str, str]:
    """The state of each person's last registration."""
    return {row["subject_key"]: row["state"] for row in listed(universe, activity)}


def a_member_with_an_account(subject_key: str) -> Actor:
    return Actor(uuid4(), (Grant(Role.MEMBER),), subject_key=subject_key)
