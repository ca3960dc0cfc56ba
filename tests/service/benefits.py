"""What tests of welfare share: members whom only welfare knows, those who run a programme, and lists on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from chassis.actor import Actor, Grant
from chassis.errors import Refused
from contracts.declare import Request
from contracts.roles import Role
from contracts.welfare import batches, grants, health_checks, programmes
from kernel.ids import new_id
from tests.service.harness import Service, Universe, an_actor
from tests.service.tidings import a_person, told

#: Day of all that has no other.
TODAY = date(2023, 6, 1)


def members(universe: Universe, number: int = 1, **changes: Any) -> list[str]:
    """The keys of so many active members of the union `home`."""
    people = [a_person() for _ in range(number)]
    universe.welfare.absorber.live([told(universe, one, **changes) for one in people])
    return people


@dataclass(frozen=True, slots=True)
class Office:
    """The people who run programmes of a federation, each another account."""

    welfare: Service
    federation: str
    maker: Actor
    leader: Actor
    audit: Actor
    finance: Actor

    @classmethod
    def of(cls, universe: Universe) -> "Office":
        roles = (Role.ZONE_OFFICER, Role.ZONE_LEADER, Role.AUDIT, Role.FINANCE)
        return cls(universe.welfare, universe.federation, *(an_actor(role, universe.federation) for role in roles))

    def programme(self, state: str = "open", **changes: Any) -> dict[str, Any]:
        """A programme that has come as far as a state on the usual way."""
        view = self.welfare.do(programmes.DraftProgramme, self.maker, **programme_fields(self.federation, **changes))
        way: tuple[tuple[type[Request], Actor, dict[str, Any]], ...] = (
            (programmes.SubmitProgramme, self.maker, {}),
            (programmes.RecordOpinion, self.audit, {"opinion": "supported"}),
            (programmes.ApproveProgramme, self.leader, {"resolution_ref": "2023-4"}),
            (programmes.OpenProgramme, self.maker, {}),
            *self._ending,
        )
        if state == "suspended":
            way = (*way[:4], (programmes.SuspendProgramme, self.leader, {}))
        for request, actor, fields in way:
            if view["state"] == state:
                break
            view = self.welfare.do(request, actor, programme_id=view["id"], **fields)
        assert view["state"] == state
        return view

    def end(self, programme: dict[str, Any], steps: int) -> None:
        """Close an open programme, settle its account and have it audited, or so many steps of it."""
        for request, actor, fields in self._ending[:steps]:
            self.welfare.do(request, actor, programme_id=programme["id"], **fields)

    @property
    def _ending(self) -> tuple[tuple[type[Request], Actor, dict[str, Any]], ...]:
        return (
            (programmes.CloseProgramme, self.maker, {}),
            (programmes.SettleProgramme, self.finance, {}),
            (programmes.AuditProgramme, self.audit, {"resolution_ref": "2023-9"}),
        )

    def read(self, programme: dict[str, Any]) -> dict[str, Any]:
        return self.welfare.do(programmes.GetProgramme, self.finance, programme_id=programme["id"])

    def account(self, programme: dict[str, Any]) -> tuple[int, int]:
        """What is bound and what is spent."""
        view = self.read(programme)
        return view["committed_fen"], view["spent_fen"]

    def list_of(
        self, programme: dict[str, Any], people: Sequence[str] = (), state: str = "building", **changes: Any
    ) -> dict[str, Any]:
        """A list with these people, each to get goods of 100 yuan, that has come as far as a state."""
        fields = {"union_id": self.federation, "name": "Winter", **changes}
        view = self.welfare.do(batches.StartBatch, self.maker, programme_id=programme["id"], **fields)
        if people:
            self.welfare.do(batches.AddLines, self.maker, batch_id=view["id"], lines=[line(one) for one in people])
        for reached, step in (("frozen", self.freeze), ("approved", self.approve), ("issuing", self.issue)):
            if view["state"] == state:
                break
            view = step(view)
            assert view["state"] == reached
        assert view["state"] == state
        return view

    def freeze(self, batch: dict[str, Any]) -> dict[str, Any]:
        return self.welfare.do(batches.FreezeBatch, self.maker, batch_id=batch["id"])

    def approve(self, batch: dict[str, Any]) -> dict[str, Any]:
        return self.welfare.do(batches.ApproveBatch, self.leader, batch_id=batch["id"], list_hash=batch["list_hash"])

    def issue(self, batch: dict[str, Any]) -> dict[str, Any]:
        return self.welfare.do(batches.IssueBatch, self.maker, batch_id=batch["id"])

    def cancel(self, batch: dict[str, Any]) -> dict[str, Any]:
        return self.welfare.do(batches.CancelBatch, self.maker, batch_id=batch["id"])

    def receipts(self, batch: dict[str, Any], people: Sequence[str], **changes: Any) -> dict[str, Any]:
        fields = {"received_on": TODAY, "receipt_ref": "folder 7", **changes}
        return self.welfare.do(
            grants.RecordReceipts, self.maker, batch_id=batch["id"], subject_keys=list(people), **fields
        )

    def benefits(self, batch: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Who is on a list, by their keys."""
        found = self.welfare.do(grants.ListBenefits, self.maker, batch_id=batch["id"], limit=200)
        return {one["subject_key"]: one for one in found["items"]}

    def on_benefit(self, request: type[Request], actor: Actor, benefit: dict[str, Any], **fields: Any) -> Any:
        return self.welfare.do(request, actor, grant_id=benefit["id"], **fields)

    def reverse(self, benefit: dict[str, Any], reason: str = "wrong_amount") -> Any:
        """Reverse what was received, as one asks and another does it."""
        self.on_benefit(grants.AskReversal, self.finance, benefit, reason=reason)
        return self.on_benefit(grants.ReverseBenefit, self.leader, benefit)

    def slot(self, programme: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A day of health checks with two places."""
        programme = programme or self.programme(kind="health_check", form="service")
        fields = slot_fields(self.federation, programme, **changes)
        return self.welfare.do(health_checks.OpenSlot, self.maker, **fields)

    def book(self, slot: dict[str, Any], people: Sequence[str]) -> dict[str, Any]:
        return self.welfare.do(health_checks.BookPeople, self.maker, slot_id=slot["id"], subject_keys=list(people))

    def attend(self, slot: dict[str, Any], people: Sequence[str], actor: Actor | None = None) -> dict[str, Any]:
        return self.welfare.do(
            health_checks.RecordAttendances, actor or self.maker, slot_id=slot["id"], subject_keys=list(people)
        )

    def bookings(self, slot: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The newest booking of each person on a day."""
        found = self.welfare.do(health_checks.ListBookings, self.maker, slot_id=slot["id"], limit=200)
        return {one["subject_key"]: one for one in reversed(found["items"])}

    def seen(self, slot: dict[str, Any]) -> dict[str, Any]:
        """The day as the list of days shows it."""
        listed = self.welfare.do(health_checks.ListSlots, self.maker, programme=slot["programme_id"])
        return next(one for one in listed["items"] if one["id"] == slot["id"])


def a_member(universe: Universe, subject_key: str | None = None) -> Actor:
    """The account of a member of the union `home`, linked to a person where one is given."""
    role = an_actor(Role.MEMBER, universe.home.id)
    return Actor(role.id, (*role.grants, Grant(Role.WORKER)), subject_key=subject_key)


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def programme_fields(union: str, **changes: Any) -> dict[str, Any]:
    fixed = {
        "kind": "winter_relief",
        "form": "goods",
        "name": "Warm winter",
        "year": 2023,
        "starts_on": "2023-01-01",
        "ends_on": "2023-12-31",
        "budget_fen": 1_000_000,
        "fund_source": "union_funds",
        "policy_version": "2023.1",
    }
    return {"union_id": union, **fixed, **changes}


def line(subject_key: str, **changes: Any) -> dict[str, Any]:
    return {"subject_key": subject_key, "item": "Rice and oil", "amount_fen": 10_000, **changes}


def slot_fields(union: str, programme: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fixed = {"provider_id": new_id(), "provider_name": "Third Hospital", "held_on": TODAY, "quota": 2}
    return {"programme_id": programme["id"], "union_id": union, **fixed, **changes}
