"""Whatever is asked in whatever order, a person belongs to one union at most and waits for one at most."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.errors import Refused
from contracts.membership import applications as contract
from contracts.membership.register import RetainMember
from contracts.roles import Role
from tests.service.harness import LONG_AGO, Service, Universe, an_actor
from tests.service.members import UNEMPLOYED, application_fields, person_fields

#: What may refuse a step; anything else is a fault.
REFUSALS = {"already_a_member", "application_pending", "illegal_transition"}

_BOUND = text(
    """
    SELECT (SELECT count(*) FROM membership WHERE person_id = person.id AND state IN ('active', 'retained')) AS unions,
        (SELECT count(*) FROM membership_application WHERE person_id = person.id AND state = 'submitted') AS waiting
    FROM person WHERE subject_key = :key
    """
)


@pytest.fixture(scope="module")
def universe(started: Callable[[str], Service]) -> Universe:
    return Universe(started("membership"), started("events"), started("reporting"), started("welfare"))


class Life:
    """One person, and the applications brought in for them."""

    def __init__(self, universe: Universe) -> None:
        self.universe, self.person = universe, person_fields()
        self.applications: list[dict[str, Any]] = []
        self.officer, self.decider = (an_actor(Role.ZONE_OFFICER, universe.federation) for _ in range(2))
        self.chair = an_actor(Role.CHAIR, universe.federation)

    def submit_at_home(self) -> None:
        self._submit(self.universe.home.id)

    def submit_elsewhere(self) -> None:
        self._submit(self.universe.other.id)

    def approve(self) -> None:
        self._on_each(contract.ApproveApplication, decided_on=LONG_AGO)

    def reject(self) -> None:
        self._on_each(contract.RejectApplication, decided_on=LONG_AGO, reason="documents_do_not_agree")

    def withdraw(self) -> None:
        self._on_each(contract.WithdrawApplication)

    def retain(self) -> None:
        for application in self.applications:
            view = self.universe.membership.do(contract.GetApplication, self.officer, application_id=application["id"])
            if membership_id := view["membership_id"]:
                self._try(RetainMember, self.chair, membership_id=membership_id, **UNEMPLOYED)

    def check(self) -> None:
        if self.applications:
            key = {"key": self.applications[0]["subject_key"]}
            with self.universe.membership.database.reader.connect() as connection:
                [bound] = connection.execute(_BOUND, key)
            assert (bound.unions, bound.waiting) in {(0, 0), (0, 1), (1, 0)}

    def _submit(self, union: str) -> None:
        fields = application_fields(union, person=self.person)
        if view := self._try(contract.SubmitApplication, self.officer, **fields):
            self.applications.append(view)

    def _on_each(self, request: Any, **more: Any) -> None:
        for application in self.applications:
            self._try(request, self.decider, application_id=application["id"], **more)

    def _try(self, request: Any, actor: Any, **fields: Any) -> Any:
        try:
            return self.universe.membership.do(request, actor, **fields)
        except Refused as refused:
            assert refused.code in REFUSALS
            return None


STEPS = (Life.submit_at_home, Life.submit_elsewhere, Life.approve, Life.reject, Life.withdraw, Life.retain)


@settings(max_examples=30)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=8))
def test_nobody_belongs_to_two_unions_or_waits_for_two(universe: Universe, steps: list[Callable[[Life], None]]) -> None:
    life = Life(universe)
    for step in steps:
        step(life)
        life.check()
