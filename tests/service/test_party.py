"""Recommending members to Party organisations, and the totals that these report."""

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.actor import Actor, Grant
from chassis.errors import Refused
from contracts.membership import party as contract
from contracts.roles import Role
from tests.service.harness import Service, Universe, an_actor, tomorrow
from tests.service.members import member
from tests.service.recommendations import (
    CONCLUDED,
    RECOMMENDED,
    concluded,
    nominated,
    nomination,
    recommended,
    reviewed,
    sent,
    total,
)
from tests.service.together import at_once


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def refused_nomination(universe: Universe, person: dict[str, Any], **changes: Any) -> str:
    fields = nomination(universe.home.id, person, **changes)
    return refusal(universe.membership, contract.NominateForParty, universe.home.officer, **fields).code


def listed(universe: Universe, actor: Actor, **asked: Any) -> list[str]:
    return [one["id"] for one in universe.membership.do(contract.ListRecommendations, actor, **asked)["items"]]


def reported(universe: Universe, **changes: Any) -> dict[str, Any]:
    return universe.membership.do(
        contract.ReportDevelopmentTargets, universe.zone_officer, **total(universe, **changes)
    )


def test_a_recommendation_is_told_when_it_reaches_the_party_organisation_and_not_before(universe: Universe) -> None:
    recommendation = reviewed(universe, nominated(universe))
    assert universe.membership.events_of(recommendation["id"]) == []

    recommendation = recommended(universe, recommendation)

    (event,) = universe.membership.events_of(recommendation["id"])
    shown = {name: value for name, value in recommendation.items() if name in event.data}
    assert event.type == "cn.unionhall.membership.party_recommendation_made.v1"
    assert dict(event.data) == {**shown, "recommendation_id": recommendation["id"]}
    assert (event.data["recommended_on"], event.data["outcome_on"]) == (RECOMMENDED.isoformat(), None)
    assert (recommendation["state"], recommendation["version"]) == ("recommended", 3)


@pytest.mark.parametrize("outcome", ["accepted", "declined", "deferred"])
def test_an_outcome_is_told_with_its_day(universe: Universe, outcome: str) -> None:
    recommendation = concluded(universe, sent(universe), outcome)

    event = universe.membership.events_of(recommendation["id"])[-1]
    assert event.type == "cn.unionhall.membership.party_recommendation_concluded.v1"
    assert (event.data["state"], event.data["outcome_on"]) == (outcome, CONCLUDED.isoformat())
    assert recommendation["_actions"] == (["conclude"] if outcome == "deferred" else [])


def test_what_was_deferred_is_concluded_again(universe: Universe) -> None:
    recommendation = concluded(universe, sent(universe), "deferred")

    assert concluded(universe, recommendation, "accepted")["state"] == "accepted"


@pytest.mark.parametrize("industrial", [True, False])
def test_whether_somebody_is_an_industrial_worker_is_taken_from_the_register(
    universe: Universe, industrial: bool
) -> None:
    person = member(universe, employment={"is_industrial_worker": industrial})

    assert nominated(universe, person)["is_industrial_worker"] is industrial


def test_only_an_active_member_of_the_union_itself_is_nominated(universe: Universe) -> None:
    beside, below = universe.other, universe.approved_union(universe.home.id)

    for person in (member(universe, beside), member(universe, below), {"subject_key": uuid4().hex * 2}):
        assert refused_nomination(universe, person) == "not_a_member_there"


def test_nobody_is_nominated_tomorrow(universe: Universe) -> None:
    assert refused_nomination(universe, member(universe), nominated_on=tomorrow()) == "date_in_future"


@pytest.mark.parametrize(("first", "second"), list(combinations(range(4), 2)))
def test_nobody_takes_two_steps_of_one_recommendation(universe: Universe, first: int, second: int) -> None:
    roles = (Role.OFFICER, Role.CHAIR, Role.ZONE_OFFICER, Role.PARTY_ORG)
    holder = Actor(uuid4(), tuple(Grant(role, UUID(universe.federation)) for role in roles))
    steps: tuple[Callable[[Any, Actor | None], Any], ...] = (
        lambda person, actor: nominated(universe, person, actor),
        lambda one, actor: reviewed(universe, one, actor),
        lambda one, actor: recommended(universe, one, actor),
        lambda one, actor: concluded(universe, one, "accepted", actor),
    )
    one = member(universe)
    for place, step in enumerate(steps[:second]):
        one = step(one, holder if place == first else None)

    with pytest.raises(Refused) as refused:
        steps[second](one, holder)

    assert refused.value.code == "maker_is_checker"


def test_a_person_has_one_recommendation_at_a_time_with_one_party_organisation(universe: Universe) -> None:
    person = member(universe)
    recommendation = sent(universe, person)
    assert refused_nomination(universe, person) == "already_recommended"
    assert nominated(universe, person, party_org_ref="zone Party branch 4")["state"] == "nominated"

    concluded(universe, recommendation, "declined")

    assert nominated(universe, person)["state"] == "nominated"


@pytest.mark.parametrize("outcome", ["accepted", "deferred"])
def test_whoever_was_accepted_or_put_off_is_not_nominated_again(universe: Universe, outcome: str) -> None:
    person = member(universe)
    concluded(universe, sent(universe, person), outcome)

    assert refused_nomination(universe, person) == "already_recommended"


def test_of_two_nominations_at_once_one_is_recorded(universe: Universe) -> None:
    person = member(universe)

    answers = at_once(*[lambda: nominated(universe, person)["state"]] * 2)

    assert sorted(answers) == ["already_recommended", "nominated"]


def test_a_recommendation_reads_as_it_was_answered(universe: Universe) -> None:
    recommendation = sent(universe)

    asked = {"recommendation_id": recommendation["id"]}
    assert universe.membership.do(contract.GetRecommendation, universe.home.chair, **asked) == recommendation


def test_recommendations_of_other_unions_are_neither_found_nor_listed(universe: Universe) -> None:
    asked = {"recommendation_id": nominated(universe)["id"]}
    beside = universe.other.chair

    assert refusal(universe.membership, contract.GetRecommendation, beside, **asked).code == "not_found"
    assert listed(universe, beside) == []
    assert listed(universe, beside, union=universe.home.id) == []


def test_recommendations_are_listed_newest_first_by_state_and_page_by_page(universe: Universe) -> None:
    first, second, third = (nominated(universe)["id"] for _ in range(3))
    reviewed(universe, {"id": second})

    page = universe.membership.do(contract.ListRecommendations, universe.zone_officer, limit=2)
    rest = universe.membership.do(contract.ListRecommendations, universe.zone_officer, limit=2, cursor=page["next"])
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [third, second, first]
    assert listed(universe, universe.zone_officer, state="reviewed") == [second]
    assert listed(universe, universe.zone_officer, union=universe.other.id) == []


def test_a_total_is_told_of_the_federation(universe: Universe) -> None:
    view = reported(universe)

    (event,) = universe.membership.events_of(view["id"])
    shown = {name: value for name, value in view.items() if name in event.data}
    assert dict(event.data) == {**shown, "target_total_id": view["id"], "union_id": universe.federation}
    assert (view["total"], view["version"], event.sequence) == (39, 1, 1)


def test_a_second_report_of_a_period_replaces_the_first_and_is_told(universe: Universe) -> None:
    first = reported(universe)

    second = reported(universe, total=40, source_ref="letter 13")

    assert (second["id"], second["version"]) == (first["id"], 2)
    assert (second["total"], second["source_ref"]) == (40, "letter 13")
    told = universe.membership.events_of(first["id"])
    assert [(event.sequence, event.data["total"]) for event in told] == [(1, 39), (2, 40)]


@pytest.mark.parametrize(
    "changes", [{"party_org_ref": "zone Party branch 4"}, {"period_to": date(2023, 12, 31)}], ids=str
)
def test_another_party_organisation_or_period_has_a_total_of_its_own(
    universe: Universe, changes: dict[str, Any]
) -> None:
    assert reported(universe)["id"] != reported(universe, **changes)["id"]


def test_two_first_reports_at_once_are_one_total(universe: Universe) -> None:
    answers = at_once(*[lambda: reported(universe)] * 2)

    assert len({answer["id"] for answer in answers}) == 1
    assert sorted(answer["version"] for answer in answers) == [1, 2]


def test_totals_are_listed_newest_first_of_the_federations_that_are_ones_own(universe: Universe) -> None:
    first, second = reported(universe), reported(universe, period_to=date(2023, 12, 31))
    asked = partial(universe.membership.do, contract.ListDevelopmentTargets)

    assert asked(universe.zone_officer)["items"] == [second, first]
    assert asked(universe.zone_officer, federation=universe.federation, limit=1)["items"] == [second]
    assert asked(an_actor(Role.ZONE_LEADER, universe.home.id))["items"] == []


def test_a_period_ends_no_earlier_than_it_starts(universe: Universe) -> None:
    fields = total(universe, period_to=date(2022, 12, 31))

    refused = refusal(universe.membership, contract.ReportDevelopmentTargets, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("ends_before_start", "period_to")


def test_only_a_federation_has_a_total(universe: Universe) -> None:
    fields = total(universe, federation_id=universe.home.id)

    refused = refusal(universe.membership, contract.ReportDevelopmentTargets, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("not_found", "federation_id")
