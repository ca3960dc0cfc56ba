"""Any history, in any order and however often it comes, is counted as a plain recount counts it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.reporting import figures as contract
from contracts.roles import Role
from services.reporting.figures.definitions import KPIS
from tests.service.harness import Service, an_actor
from tests.service.histories import a_world, in_any_order
from tests.service.oracle import RECOUNTS, Heap

#: Days on which reports are dated: at the end of what happens, in the middle of it, and at its edges.
REPORT_DATES = st.sampled_from([date(2023, 9, 30), date(2023, 9, 30), date(2023, 6, 30), date(2023, 1, 1)])


def test_every_kpi_has_a_recount() -> None:
    assert RECOUNTS.keys() == KPIS.keys()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**32), as_of=REPORT_DATES, size=st.integers(1, 20))
def test_every_figure_is_what_a_recount_of_any_history_gives(
    reporting: Service, seed: int, as_of: date, size: int
) -> None:
    # histories drawn from a seed differ from each other far more than ones that hypothesis draws choice by choice
    world = a_world(Random(seed))
    told = in_any_order(world)
    for start in range(0, len(told), size):
        reporting.absorber.live(told[start : start + size])

    heap = Heap(world.events, frozenset({world.org, world.below}), as_of.isoformat())
    for code, recount in RECOUNTS.items():
        expected = recount(heap)
        found = explained(reporting, world.org, code, as_of)
        figure = found["figure"]
        assert (code, figure["numerator"], figure["denominator"]) == (code, expected.numerator, expected.denominator)
        assert figure["set_hash"] == hashlib.sha256("\n".join(sorted(expected.ids)).encode()).hexdigest(), code
        shown = {fact["event_id"] for fact in found["facts"] if fact["counted"] or fact["in_denominator"]}
        assert shown == expected.ids, code


def explained(reporting: Service, org: str, code: str, as_of: date) -> Mapping[str, Any]:
    asked = {"code": code, "org": org, "as_of": as_of, "limit": 200}
    found: Mapping[str, Any] = reporting.do(contract.ExplainFigure, an_actor(Role.ANALYST, org), **asked)
    return found
