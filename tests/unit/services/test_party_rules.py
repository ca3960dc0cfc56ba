"""The way of a recommendation: who takes which step, and on which day."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from chassis.errors import Refused
from chassis.states import step
from kernel.states import NEW
from services.membership.party.rules import RECOMMENDATION, Facts

TODAY = date(2023, 9, 30)
BEFORE, AFTER = date(2023, 9, 29), date(2023, 10, 1)
ACTOR, ANOTHER = UUID(int=1), UUID(int=2)


def facts(**changes: Any) -> Facts:
    usual = {
        "today": TODAY,
        "actor_id": ACTOR,
        "nominated_on": BEFORE,
        "makers": (ANOTHER, None),
        "recommended_on": BEFORE,
        "outcome": "accepted",
        "outcome_on": TODAY,
    }
    return Facts(**(usual | changes))


@pytest.mark.parametrize(
    ("state", "command", "changes", "target", "events"),
    [
        (NEW, "nominate", {}, "nominated", ()),
        ("nominated", "review", {}, "reviewed", ()),
        ("reviewed", "recommend", {}, "recommended", ("party_recommendation_made",)),
        ("recommended", "conclude", {"outcome": "accepted"}, "accepted", ("party_recommendation_concluded",)),
        ("recommended", "conclude", {"outcome": "declined"}, "declined", ("party_recommendation_concluded",)),
        ("recommended", "conclude", {"outcome": "deferred"}, "deferred", ("party_recommendation_concluded",)),
        ("deferred", "conclude", {"outcome": "accepted"}, "accepted", ("party_recommendation_concluded",)),
        ("deferred", "conclude", {"outcome": "deferred"}, "deferred", ("party_recommendation_concluded",)),
    ],
)
def test_a_recommendation_goes_its_way_step_by_step(
    state: str, command: str, changes: dict[str, Any], target: str, events: tuple[str, ...]
) -> None:
    taken = step(RECOMMENDATION, state, command, facts(**changes))

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(
    ("state", "command", "changes", "code", "field"),
    [
        (NEW, "nominate", {"nominated_on": AFTER}, "date_in_future", "nominated_on"),
        (NEW, "nominate", {"is_member": False}, "not_a_member_there", "subject_key"),
        ("nominated", "review", {"makers": (ACTOR,)}, "maker_is_checker", None),
        ("nominated", "recommend", {}, "illegal_transition", None),
        ("reviewed", "recommend", {"makers": (ANOTHER, ACTOR)}, "maker_is_checker", None),
        ("reviewed", "recommend", {"recommended_on": AFTER}, "date_in_future", "recommended_on"),
        ("reviewed", "recommend", {"nominated_on": TODAY}, "recommended_before_nomination", "recommended_on"),
        ("recommended", "conclude", {"makers": (ACTOR,)}, "maker_is_checker", None),
        ("recommended", "conclude", {"outcome_on": AFTER, "outcome": "deferred"}, "date_in_future", "outcome_on"),
        ("recommended", "conclude", {"recommended_on": AFTER}, "concluded_before_recommendation", "outcome_on"),
        ("accepted", "conclude", {}, "illegal_transition", None),
        ("declined", "conclude", {}, "illegal_transition", None),
    ],
)
def test_what_breaks_a_rule_is_refused_at_its_field(
    state: str, command: str, changes: dict[str, Any], code: str, field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        step(RECOMMENDATION, state, command, facts(**changes))

    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("state", "command"), [("nominated", "review"), ("reviewed", "recommend"), ("recommended", "conclude")]
)
def test_whoever_took_no_step_takes_the_next_one(state: str, command: str) -> None:
    assert step(RECOMMENDATION, state, command, facts(makers=(ANOTHER,))).target != state
