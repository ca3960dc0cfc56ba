"""Recommendations for tests, and the steps that lead to each state."""

from datetime import date
from typing import Any

from chassis.actor import Actor
from contracts.membership import party as contract
from contracts.roles import Role
from tests.service.harness import Universe, an_actor
from tests.service.members import member

NOMINATED, RECOMMENDED, CONCLUDED = date(2023, 2, 1), date(2023, 3, 1), date(2023, 5, 1)
#: A Party organisation.
BRANCH = "zone Party branch 3"


def nomination(union: str, person: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fixed = {"party_org_ref": BRANCH, "nominated_on": NOMINATED}
    return {"union_id": union, "subject_key": person["subject_key"], **fixed, **changes}


def nominated(
    universe: Universe, person: dict[str, Any] | None = None, actor: Actor | None = None, **changes: Any
) -> dict[str, Any]:
    fields = nomination(universe.home.id, person or member(universe), **changes)
    return universe.membership.do(contract.NominateForParty, actor or universe.home.officer, **fields)


def reviewed(universe: Universe, recommendation: dict[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    asked = {"recommendation_id": recommendation["id"]}
    return universe.membership.do(contract.ReviewNomination, actor or universe.home.chair, **asked)


def recommended(universe: Universe, recommendation: dict[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    asked = {"recommendation_id": recommendation["id"], "recommended_on": RECOMMENDED}
    return universe.membership.do(contract.RecommendToParty, actor or universe.zone_officer, **asked)


def concluded(
    universe: Universe, recommendation: dict[str, Any], outcome: str, actor: Actor | None = None
) -> dict[str, Any]:
    clerk = actor or an_actor(Role.PARTY_ORG, universe.federation)
    asked = {"recommendation_id": recommendation["id"], "outcome": outcome, "outcome_on": CONCLUDED}
    return universe.membership.do(contract.ConcludeRecommendation, clerk, **asked)


def sent(universe: Universe, person: dict[str, Any] | None = None) -> dict[str, Any]:
    """A recommendation that has reached the Party organisation."""
    return recommended(universe, reviewed(universe, nominated(universe, person)))


def total(universe: Universe, **changes: Any) -> dict[str, Any]:
    period = {"period_from": date(2023, 1, 1), "period_to": date(2023, 6, 30)}
    fixed = {"federation_id": universe.federation, "party_org_ref": BRANCH, "total": 39, "source_ref": "letter 12"}
    return {**fixed, **period, **changes}
