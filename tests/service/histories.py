"""Random histories of every kind of record that figures are counted from, as the events that tell them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from hypothesis import strategies as st

from contracts.declare import Event
from contracts.envelope import Envelope
from contracts.events import activities
from contracts.membership import organisation, party, register
from contracts.welfare import grants, health_checks
from kernel.ids import new_id
from services.events.activities.rules import ACTIVITY

#: Days at the edges of the periods of reports of 2023.
DAYS = st.one_of(
    st.dates(date(2022, 12, 30), date(2023, 1, 2)),
    st.dates(date(2023, 6, 29), date(2023, 7, 2)),
    st.dates(date(2023, 9, 29), date(2023, 10, 2)),
).map(date.isoformat)
#: Few enough that the same person comes twice.
PEOPLE = st.sampled_from(["0a" * 32, "0b" * 32, "0c" * 32, "0d" * 32])
CATEGORIES = st.sampled_from(["10", "12", "13", "14", "19"])

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

    draw: Any
    org: str = field(default_factory=new_id)
    below: str = field(default_factory=new_id)
    beside: str = field(default_factory=new_id)

    def union(self) -> str:
        return str(self.draw(st.sampled_from([self.org, self.org, self.below, self.beside])))

    def found(self, union_id: str, superior_id: str | None) -> None:
        """A union, which its superior may have approved later."""
        state = {
            "union_id": union_id,
            "superior_id": superior_id,
            "name": "Mill",
            "region_code": "330110",
            "org_kind": self.draw(st.sampled_from(["joint", "joint", "basic"])),
            "workforce": self.draw(st.sampled_from(["new_employment", "new_employment", "general"])),
            "party_cobuilt": self.draw(st.booleans()),
            "founded_on": self.draw(DAYS),
            "approved_on": None,
        }
        self.tell(organisation.UnionFounded, 1, {**state, "state": "awaiting_approval"})
        approved_on = max(state["founded_on"], self.draw(DAYS))
        if self.draw(st.sampled_from([True, True, False])):
            approved = {**state, "state": "approved", "approved_on": approved_on}
            self.tell(organisation.UnionApproved, 2, approved)

    def activity(self) -> None:
        """An activity that takes the steps its table allows, and who came to it if it was closed."""
        state = {
            **_REST,
            "activity_id": new_id(),
            "kind": self.draw(st.sampled_from(["study", "competition", "competition", "another"])),
            "tier": self.draw(st.sampled_from(["elite", "mass", "open", None])),
            "union_id": self.union(),
            "state": "open",
            "held_on": None,
        }
        self.tell(activities.ActivityPublished, 1, state)
        way = [
            *self.draw(st.sampled_from([[], ["cancel"], ["hold"], *[["hold", "close"]] * 5])),
            *self.draw(st.lists(st.sampled_from(["correct", "correct", "void"]), max_size=3)),
        ]
        for number, command in enumerate(way):
            row = next(
                (row for row in ACTIVITY.transitions if (row.source, row.command) == (state["state"], command)), None
            )
            if row is None:
                continue
            day = self.draw(DAYS) if command in {"hold", "correct"} else state["held_on"]
            state = {**state, "state": str(row.target), "held_on": day}
            # gaps are normal: attendances have numbers of their own between these
            self.tell(_STATE_EVENTS[row.events[0]], 10 * (number + 1), state)
            if command == "close":
                self._came(state, 10 * (number + 1))

    def _came(self, state: Mapping[str, Any], sequence: int) -> None:
        for number, person in enumerate(self.draw(st.lists(PEOPLE, max_size=3))):
            same = {name: state[name] for name in ("activity_id", "kind", "union_id")}
            line = {"session_no": number, "subject_key": person, "worker_category": "10", "on": state["held_on"]}
            self.tell(activities.ActivityAttended, sequence + 1 + number, same | line)

    def membership(self) -> None:
        state = {
            "membership_id": new_id(),
            "union_id": self.union(),
            "subject_key": new_id().replace("-", "") * 2,
            "worker_category": self.draw(CATEGORIES),
            "is_industrial_worker": self.draw(st.booleans()),
            "out_of_province": self.draw(st.booleans()),
            "state": "active",
            "effective_on": self.draw(DAYS),
        }
        self.tell(register.MemberJoined, 1, state)
        if self.draw(st.booleans()):
            self.tell(register.MemberRetained, 2, {**state, "state": "retained", "effective_on": self.draw(DAYS)})

    def recommendation(self) -> None:
        state = {
            "recommendation_id": new_id(),
            "union_id": self.union(),
            "subject_key": self.draw(PEOPLE),
            "is_industrial_worker": self.draw(st.booleans()),
            "state": "recommended",
            "recommended_on": self.draw(DAYS),
        }
        self.tell(party.PartyRecommendationMade, 3, state)
        if self.draw(st.booleans()):
            self.tell(party.PartyRecommendationConcluded, 4, {**state, "state": "accepted"})

    def target_total(self) -> None:
        state = {
            "target_total_id": new_id(),
            "union_id": self.union(),
            "period_from": "2023-01-01",
            "period_to": self.draw(st.sampled_from(["2023-06-30", "2023-06-30", "2023-03-31"])),
        }
        for sequence, total in enumerate(self.draw(st.lists(st.integers(0, 50), min_size=1, max_size=2)), 1):
            self.tell(party.DevelopmentTargetTotalReported, sequence, {**state, "total": total})

    def benefit(self) -> None:
        state = {
            "grant_id": new_id(),
            "programme_id": new_id(),
            "union_id": self.union(),
            "kind": self.draw(st.sampled_from(["winter_relief", "winter_relief", "health_check"])),
            "form": self.draw(st.sampled_from(["goods", "goods", "money"])),
            "subject_key": self.draw(PEOPLE),
            "worker_category": self.draw(CATEGORIES),
            "amount_fen": self.draw(st.integers(1, 2**31)),
        }
        ways = [["issued"], ["issued", "returned"], *[["issued", "receipted"]] * 3, ["issued", "receipted", "reversed"]]
        for sequence, reached in enumerate(self.draw(st.sampled_from(ways)), 1):
            self.tell(_GRANT_EVENTS[reached], sequence, {**state, "state": reached, "on": self.draw(DAYS)})

    def health_check(self) -> None:
        state = {
            "booking_id": new_id(),
            "programme_id": new_id(),
            "union_id": self.union(),
            "subject_key": self.draw(PEOPLE),
            "worker_category": self.draw(CATEGORIES),
            "on": self.draw(DAYS),
        }
        self.tell(health_checks.HealthCheckAttended, 1, {**state, "state": "attended"})
        if self.draw(st.sampled_from([True, False, False])):
            self.tell(health_checks.HealthCheckVoided, 2, {**state, "state": "voided"})


_RECORDS = (
    World.activity,
    World.membership,
    World.recommendation,
    World.target_total,
    World.benefit,
    World.health_check,
)


@st.composite
def worlds(draw: Any) -> World:
    """A world with some records of each kind."""
    world = World(draw)
    world.found(world.org, None)
    world.found(world.below, world.org)
    world.found(world.beside, None)
    for record in _RECORDS:
        for _ in range(draw(st.integers(0, 4))):
            record(world)
    return world


def in_any_order(events: list[Envelope], shuffle: Random) -> list[Envelope]:
    """Every event, and every other one a second time."""
    told = [*events, *events[::2]]
    shuffle.shuffle(told)
    return told
