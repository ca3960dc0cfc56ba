"""Random histories of every kind of record that figures are counted from, as the events that tell them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from contracts.declare import Event
from contracts.envelope import Envelope
from contracts.events import activities
from contracts.membership import organisation, party, register
from contracts.welfare import grants, health_checks
from kernel.ids import new_id
from services.events.activities.rules import ACTIVITY

#: Days inside the periods of reports of 2023, and at their edges.
DAYS = (
    *("2023-02-03", "2023-05-04", "2023-05-05"),
    *("2022-12-30", "2022-12-31", "2023-01-01", "2023-01-02"),
    *("2023-06-29", "2023-06-30", "2023-07-01", "2023-07-02"),
    *("2023-09-29", "2023-09-30", "2023-10-01", "2023-10-02"),
)
#: Few enough that the same person comes twice.
PEOPLE = ("0a" * 32, "0b" * 32, "0c" * 32)
CATEGORIES = ("10", "12", "13", "14")

_STATE_EVENTS: Mapping[str, type[Event]] = {
    "activity_published": activities.ActivityPublished,
    "activity_held": activities.ActivityHeld,
    "activity_closed": activities.ActivityClosed,
    "activity_cancelled": activities.ActivityCancelled,
    "activity_corrected": activities.ActivityCorrected,
    "activity_voided": activities.ActivityVoided,
}
_GRANT_EVENTS: Mapping[str, type[Event]] = {
    "issued": grants.BenefitIssued,
    "receipted": grants.BenefitReceipted,
    "returned": grants.BenefitReturned,
    "reversed": grants.BenefitReversed,
}
#: The part of an activity's state that no count here depends on.
_REST = {"starts_at": "2023-03-01T11:00:00+00:00", "sessions": 1, "attendances": 1, "distinct_subjects": 1}


@dataclass
class Told:
    """What somebody has told, in order."""

    events: list[Envelope] = field(default_factory=list, kw_only=True)

    def tell(self, event: type[Event], sequence: int, data: Mapping[str, Any]) -> None:
        now = datetime.now(UTC)
        self.events.append(
            Envelope(
                id=new_id(),
                type=event.event_type.type,
                source=f"urn:unionhall:{event.event_type.service}",
                subject=data[event.event_type.subject],
                sequence=sequence,
                time=now,
                recorded_time=now,
                org_id=data["union_id"],
                region_code="330110",
                classification="public",
                traceparent=None,
                causation_id=None,
                data=data,
            )
        )


@dataclass
class World(Told):
    """A union that figures are asked for, one below it and one beside it, and what they all have told."""

    random: Random
    org: str = field(default_factory=new_id)
    below: str = field(default_factory=new_id)
    beside: str = field(default_factory=new_id)

    def union(self) -> str:
        return str(self.random.choice([self.org, self.org, self.below, self.beside]))

    def found(self, union_id: str, superior_id: str | None) -> None:
        """A union, which its superior may have approved later."""
        state = {
            "union_id": union_id,
            "superior_id": superior_id,
            "name": "Mill",
            "region_code": "330110",
            "org_kind": self.random.choice(["joint", "joint", "basic"]),
            "workforce": self.random.choice(["new_employment", "new_employment", "general"]),
            "party_cobuilt": self.random.random() < 0.5,
            "founded_on": self.random.choice(DAYS),
            "approved_on": None,
        }
        self.tell(organisation.UnionFounded, 1, {**state, "state": "awaiting_approval"})
        approved_on = max(state["founded_on"], self.random.choice(DAYS))
        if self.random.choice([True, True, False]):
            approved = {**state, "state": "approved", "approved_on": approved_on}
            self.tell(organisation.UnionApproved, 2, approved)

    def activity(self) -> None:
        """An activity that takes the steps its table allows, and who came to it if it was closed."""
        state = {
            **_REST,
            "activity_id": new_id(),
            "kind": self.random.choice(["study", "competition", "competition", "competition", "another"]),
            "tier": self.random.choice(["elite", "elite", "mass", "mass", "open", None]),
            "union_id": self.union(),
            "state": "open",
            "held_on": None,
        }
        self.tell(activities.ActivityPublished, 1, state)
        way = [
            *self.random.choice([[], ["cancel"], ["hold"], *[["hold", "close"]] * 5]),
            *self.random.choices(["correct", "correct", "void"], k=self.random.choice([0, 0, 1, 2])),
        ]
        for number, command in enumerate(way):
            row = next(
                (row for row in ACTIVITY.transitions if (row.source, row.command) == (state["state"], command)), None
            )
            if row is None:
                continue
            day = self.random.choice(DAYS) if command in {"hold", "correct"} else state["held_on"]
            state = {**state, "state": str(row.target), "held_on": day}
            # gaps are normal: attendances have numbers of their own between these
            self.tell(_STATE_EVENTS[row.events[0]], 10 * (number + 1), state)
            if command == "close":
                self._came(state, 10 * (number + 1))

    def _came(self, state: Mapping[str, Any], sequence: int) -> None:
        for number, person in enumerate(self.random.choices(PEOPLE, k=self.random.randint(0, 4))):
            same = {name: state[name] for name in ("activity_id", "kind", "union_id")}
            line = {"session_no": number, "subject_key": person, "worker_category": "10", "on": state["held_on"]}
            self.tell(activities.ActivityAttended, sequence + 1 + number, same | line)

    def membership(self) -> None:
        state = {
            "membership_id": new_id(),
            "union_id": self.union(),
            "subject_key": self.random.choice(PEOPLE),
            "worker_category": self.random.choice(CATEGORIES),
            "is_industrial_worker": self.random.random() < 0.5,
            "out_of_province": self.random.random() < 0.5,
            "state": "active",
            "effective_on": self.random.choice(DAYS),
        }
        self.tell(register.MemberJoined, 1, state)
        if self.random.random() < 0.5:
            self.tell(
                register.MemberRetained, 2, {**state, "state": "retained", "effective_on": self.random.choice(DAYS)}
            )

    def recommendation(self) -> None:
        state = {
            "recommendation_id": new_id(),
            "union_id": self.union(),
            "subject_key": self.random.choice(PEOPLE),
            "is_industrial_worker": self.random.random() < 0.5,
            "state": "recommended",
            "recommended_on": self.random.choice(DAYS),
        }
        self.tell(party.PartyRecommendationMade, 3, state)
        if self.random.random() < 0.5:
            self.tell(party.PartyRecommendationConcluded, 4, {**state, "state": "accepted"})

    def target_total(self) -> None:
        state = {
            "target_total_id": new_id(),
            "union_id": self.union(),
            "period_from": "2023-01-01",
            "period_to": self.random.choice(["2023-06-30", "2023-06-30", "2023-03-31"]),
        }
        for sequence, total in enumerate(self.random.choices(range(50), k=self.random.randint(1, 2)), 1):
            self.tell(party.DevelopmentTargetTotalReported, sequence, {**state, "total": total})

    def benefit(self) -> None:
        state = {
            "grant_id": new_id(),
            "programme_id": new_id(),
            "union_id": self.union(),
            "kind": self.random.choice(["winter_relief", "winter_relief", "health_check"]),
            "form": self.random.choice(["goods", "goods", "money"]),
            "subject_key": self.random.choice(PEOPLE),
            "worker_category": self.random.choice(CATEGORIES),
            "amount_fen": self.random.randint(1, 2**31),
        }
        ways = [["issued"], ["issued", "returned"], *[["issued", "receipted"]] * 3, ["issued", "receipted", "reversed"]]
        for sequence, reached in enumerate(self.random.choice(ways), 1):
            self.tell(_GRANT_EVENTS[reached], sequence, {**state, "state": reached, "on": self.random.choice(DAYS)})

    def health_check(self) -> None:
        state = {
            "booking_id": new_id(),
            "programme_id": new_id(),
            "union_id": self.union(),
            "subject_key": self.random.choice(PEOPLE),
            "worker_category": self.random.choice(CATEGORIES),
            "on": self.random.choice(DAYS),
        }
        self.tell(health_checks.HealthCheckAttended, 1, {**state, "state": "attended"})
        if self.random.choice([True, False, False]):
            self.tell(health_checks.HealthCheckVoided, 2, {**state, "state": "voided"})


_RECORDS = (
    World.activity,
    World.membership,
    World.recommendation,
    World.target_total,
    World.benefit,
    World.health_check,
)


def a_world(random: Random) -> World:
    """A world with some records of each kind."""
    world = World(random)
    world.found(world.org, None)
    world.found(world.below, world.org)
    world.found(world.beside, None)
    for record in _RECORDS:
        for _ in range(random.randint(0, 8)):
            record(world)
    return world


def in_any_order(world: World) -> list[Envelope]:
    """Every event, and every other one a second time."""
    told = [*world.events, *world.events[::2]]
    world.random.shuffle(told)
    return told
