"""Whatever is asked in whatever order: one union for each person, a history that only grows, events that tell all."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from chassis.errors import Refused
from contracts.membership import applications, register, transfers
from contracts.membership.register import BELONGING, COUNTED
from contracts.roles import Role
from tests.service.harness import LONG_AGO, Service, Union, Universe, an_actor
from tests.service.members import application_fields, person_fields
from tests.service.transfers import WORK

#: What may refuse a step; anything else is a fault.
REFUSALS = {
    "already_a_member",
    "already_filed",
    "already_there",
    "application_pending",
    "before_last_change",
    "decided_before_applied",
    "decided_before_requested",
    "illegal_transition",
}
#: The days on which something happens.
DAYS = [LONG_AGO + timedelta(days=number) for number in range(8)]

_MEMBERSHIPS = text(
    """
    SELECT id::text, person_id::text AS person, state FROM membership
    WHERE person_id IN (SELECT id FROM person WHERE subject_key = ANY(:keys))
    """
)
_WAITING = text(
    """
    SELECT person_id::text FROM membership_application
    WHERE state = 'submitted' AND person_id IN (SELECT id FROM person WHERE subject_key = ANY(:keys))
    """
)
_HISTORY = text(
    """
    SELECT membership_id::text, sequence, change_type, reason, state, union_id::text, from_union_id::text, effective_on,
        document_refs, decided_by::text, recorded_at
    FROM membership_change WHERE membership_id::text = ANY(:ids) ORDER BY recorded_at, sequence
    """
)
_EVENTS = text(
    """
    SELECT body -> 'data' AS data FROM outbox WHERE body -> 'data' ->> 'membership_id' = ANY(:ids)
    ORDER BY aggregate_id, sequence
    """
)

people, days, unions = st.integers(0, 1), st.sampled_from(DAYS), st.booleans()


@pytest.fixture(scope="module")
def universe(started: Callable[[str], Service]) -> Universe:
    return Universe(started("membership"), started("events"), started("reporting"), started("welfare"))


class Register(RuleBasedStateMachine):
    """Two people, two unions, and everything that can be asked of them."""

    universe: Universe

    @initialize()
    def begin(self) -> None:
        self.people = [person_fields(), person_fields()]
        self.keys: list[str | None] = [None, None]
        self.applications: list[list[str]] = [[], []]
        self.history: list[Any] = []
        federation = self.universe.federation
        self.officer, self.decider, self.chair = (
            an_actor(role, federation) for role in (Role.OFFICER, Role.CHAIR, Role.CHAIR)
        )

    @rule(who=people, elsewhere=unions, day=days)
    def apply(self, who: int, elsewhere: bool, day: date) -> None:
        union = self._union(elsewhere)
        fields = application_fields(union.id, person=self.people[who], applied_on=day)
        if view := self._try(applications.SubmitApplication, self.officer, **fields):
            self.keys[who] = view["subject_key"]
            self.applications[who].append(view["id"])

    @rule(who=people, day=days)
    def approve(self, who: int, day: date) -> None:
        self._on_applications(who, applications.ApproveApplication, decided_on=day)

    @rule(who=people, day=days)
    def reject(self, who: int, day: date) -> None:
        self._on_applications(who, applications.RejectApplication, decided_on=day, reason="no_labour_relation")

    @rule(who=people)
    def take_back(self, who: int) -> None:
        self._on_applications(who, applications.WithdrawApplication, actor=self.officer)

    @rule(who=people, day=days, reason=st.sampled_from(["1", "3"]))
    def retain(self, who: int, day: date, reason: str) -> None:
        self._on_memberships(who, register.RetainMember, effective_on=day, reason=reason)

    @rule(who=people, day=days)
    def reinstate(self, who: int, day: date) -> None:
        self._on_memberships(who, register.ReinstateMember, effective_on=day, employment=WORK)

    @rule(who=people, day=days)
    def withdraw(self, who: int, day: date) -> None:
        self._on_memberships(who, register.DeclareWithdrawal, effective_on=day, request_ref="letter")

    @rule(who=people, day=days)
    def expel(self, who: int, day: date) -> None:
        papers = {"court_document_ref": "judgment", "group_opinion_ref": "minutes"}
        self._on_memberships(who, register.ExpelMember, effective_on=day, **papers)

    @rule(who=people, day=days)
    def die(self, who: int, day: date) -> None:
        self._on_memberships(who, register.RecordDeath, effective_on=day)

    @rule(who=people, elsewhere=unions, day=days)
    def ask_to_move(self, who: int, elsewhere: bool, day: date) -> None:
        asked = {"to_union_id": self._union(elsewhere).id, "requested_on": day, "employment": WORK}
        self._on_memberships(who, transfers.RequestTransfer, actor=self.officer, **asked)

    @rule(who=people, day=days, answer=st.sampled_from(["accept", "decline", "cancel"]))
    def answer(self, who: int, day: date, answer: str) -> None:
        page = self.universe.membership.do(transfers.ListTransfers, self.officer, state="requested")
        for transfer in page["items"]:
            if transfer["subject_key"] == self.keys[who]:
                self._answer(answer, transfer["id"], day)

    @invariant()
    def nobody_belongs_to_two_unions(self) -> None:
        belonging = [row.person for row in self._memberships() if row.state in BELONGING]
        assert len(belonging) == len(set(belonging))

    @invariant()
    def nobody_waits_for_two_unions_or_for_another_than_theirs(self) -> None:
        with self.universe.membership.database.reader.connect() as connection:
            waiting = connection.scalars(_WAITING, {"keys": self._known()}).all()
        belonging = {row.person for row in self._memberships() if row.state in BELONGING}
        assert len(waiting) == len(set(waiting))
        assert not belonging & set(waiting)

    @invariant()
    def what_was_is_not_written_anew(self) -> None:
        with self.universe.membership.database.reader.connect() as connection:
            ids = [row.id for row in self._memberships()]
            now = [tuple(row) for row in connection.execute(_HISTORY, {"ids": ids})]
        assert now[: len(self.history)] == self.history
        self.history = now

    def teardown(self) -> None:
        """Events alone say who counted where on each day, as the register does."""
        told = self._told()
        for day in DAYS:
            for union in (self.universe.home, self.universe.other):
                assert self._counted_by_events(told, union, day) == self._counted_by_register(union, day)

    def _union(self, elsewhere: bool) -> Union:
        return self.universe.other if elsewhere else self.universe.home

    def _known(self) -> list[str]:
        """Whom the register has heard of; before the first step nobody."""
        return [key for key in getattr(self, "keys", ()) if key]

    def _memberships(self) -> Sequence[Any]:
        with self.universe.membership.database.reader.connect() as connection:
            return connection.execute(_MEMBERSHIPS, {"keys": self._known()}).all()

    def _told(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What was told of each membership, in order."""
        ids = [row.id for row in self._memberships()]
        told: dict[str, list[Mapping[str, Any]]] = {each: [] for each in ids}
        with self.universe.membership.database.reader.connect() as connection:
            for data in connection.scalars(_EVENTS, {"ids": ids}):
                told[data["membership_id"]].append(data)
        return told

    @staticmethod
    def _counted_by_events(told: Mapping[str, Sequence[Mapping[str, Any]]], union: Union, day: date) -> set[str]:
        last = {
            each: [data for data in events if data["effective_on"] <= day.isoformat()] for each, events in told.items()
        }
        return {
            each
            for each, begun in last.items()
            if begun and begun[-1]["state"] in COUNTED and begun[-1]["union_id"] == union.id
        }

    def _counted_by_register(self, union: Union, day: date) -> set[str]:
        return {
            item["id"]
            for key in self._known()
            for item in self.universe.membership.do(
                register.ListMembers, self.officer, union=union.id, as_of=day, subject_key=key
            )["items"]
            if item["state"] in COUNTED
        }

    def _answer(self, answer: str, transfer_id: str, day: date) -> None:
        more: dict[str, Any] = {"decided_on": day}
        if answer == "decline":
            more["reason"] = "does_not_work_there"
        request, actor, more = {
            "accept": (transfers.AcceptTransfer, self.decider, more),
            "decline": (transfers.DeclineTransfer, self.decider, more),
            "cancel": (transfers.CancelTransfer, self.officer, {}),
        }[answer]
        self._try(request, actor, transfer_id=transfer_id, **more)

    def _on_applications(self, who: int, request: Any, actor: Any = None, **asked: Any) -> None:
        for application in self.applications[who]:
            self._try(request, actor or self.decider, application_id=application, **asked)

    def _on_memberships(self, who: int, request: Any, actor: Any = None, **asked: Any) -> None:
        if key := self.keys[who]:
            page = self.universe.membership.do(register.ListMembers, self.officer, subject_key=key)
            for item in page["items"]:
                self._try(request, actor or self.chair, membership_id=item["id"], **asked)

    def _try(self, request: Any, actor: Any, **fields: Any) -> Any:
        try:
            return self.universe.membership.do(request, actor, **fields)
        except Refused as refused:
            assert refused.code in REFUSALS, (refused.code, refused.field)
            return None


@pytest.fixture
def machine(universe: Universe) -> type[Register]:
    return type("Register", (Register,), {"universe": universe})


def test_no_sequence_of_commands_breaks_the_register(machine: type[Register]) -> None:
    examples = settings(max_examples=25, stateful_step_count=20, suppress_health_check=list(HealthCheck), deadline=None)
    run_state_machine_as_test(machine, settings=examples)
