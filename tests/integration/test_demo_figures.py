"""The demo's figures are exactly what was generated, and each list tells why a fact that must not count does not."""

from typing import Any

import pytest

from demo.year.days import REPORT_DATE
from demo.year.scale import (
    DEVELOPMENT_TARGETS,
    ELITE_CONTESTS,
    MASS_CONTESTS,
    NEW_EMPLOYMENT_UNIONS,
    NEW_UNIONS,
    RECOMMENDED,
    RELIEF_FEN,
    SMALL,
    STUDY_ACTIVITIES,
)
from tests.integration.harness import Town

#: Numerator and denominator of each figure.
FIGURES = {
    "K01": (STUDY_ACTIVITIES, None),
    "K02": (RECOMMENDED, None),
    "K03": (RECOMMENDED, DEVELOPMENT_TARGETS),
    "K08": (ELITE_CONTESTS, None),
    "K09": (MASS_CONTESTS, None),
    "K10": (SMALL.contest_people, None),
    "K31": (SMALL.members, None),
    "K32": (SMALL.out_of_province, SMALL.members),
    "K35": (SMALL.health_checks, None),
    "K36": (SMALL.riders, None),
    "K41": (SMALL.first_union_joins, None),
    "K42": (NEW_UNIONS, None),
    "K43": (NEW_EMPLOYMENT_UNIONS, None),
    "K44": (SMALL.new_union_joins, None),
    "K45": (SMALL.relief_people, None),
    "K46": (SMALL.relief_people * RELIEF_FEN, None),
}
#: Why facts of the demo do not count.
REASONS = {
    "K01": {"voided", "not_closed"},
    "K02": {"not_industrial_worker"},
    "K09": {"other_tier", "cancelled"},
    "K35": {"voided"},
    "K42": {"not_cobuilt", "not_approved"},
    "K45": {"other_form", "returned", "reversed"},
}


def asked(town: Town) -> dict[str, str]:
    return {"org": town.federation, "as_of": REPORT_DATE.isoformat()}


def test_every_figure_is_one_of_these(town: Town) -> None:
    assert {kpi["code"] for kpi in town.analyst.get("/v1/kpis")["items"]} == set(FIGURES)


@pytest.mark.parametrize("code", FIGURES)
def test_a_figure_is_what_was_generated(town: Town, code: str) -> None:
    figure = town.analyst.get(f"/v1/kpis/{code}/value", **asked(town))
    assert (figure["numerator"], figure["denominator"]) == FIGURES[code]
    assert figure["sentence"]["text"] is not None


@pytest.mark.parametrize("code", REASONS)
def test_a_list_tells_why_a_fact_does_not_count(town: Town, code: str) -> None:
    assert REASONS[code] <= {fact["reason"] for fact in listed(town, code)}


def listed(town: Town, code: str) -> list[dict[str, Any]]:
    """All facts that a figure looked at."""
    page = town.analyst.get(f"/v1/kpis/{code}/explain", limit=200, **asked(town))
    facts: list[dict[str, Any]] = page["facts"]
    while page["next"] is not None:
        page = town.analyst.get(f"/v1/kpis/{code}/explain", limit=200, cursor=page["next"], **asked(town))
        facts += page["facts"]
    return facts
