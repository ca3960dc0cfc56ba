"""Counts every KPI again in the plainest way, from a heap of events in which the last word on a record decides."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.envelope import Envelope

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Recount:
    """A figure and the ids of the events that it is made of."""

    numerator: int
    ids: frozenset[str]
    denominator: int | None = None


@dataclass(frozen=True)
class Heap:
    """All events, the unions that are asked about, and the date of the report, as text."""

    events: Sequence[Envelope]
    unions: frozenset[str]
    as_of: str

    @property
    def new_year(self) -> str:
        return f"{self.as_of[:4]}-01-01"

    @property
    def half(self) -> str:
        return min(self.as_of, f"{self.as_of[:4]}-06-30")

    def of(self, *names: str) -> list[Envelope]:
        """The events of our unions with one of the names."""
        return [one for one in self.events if one.data["union_id"] in self.unions and one.type.split(".")[3] in names]

    def activities(self, kind: str) -> list[Envelope]:
        """The last word on each activity of a kind that is closed and was held this year."""
        names = ("published", "held", "closed", "cancelled", "corrected", "voided")
        found = last(self.of(*(f"activity_{name}" for name in names)))
        ended = [one for one in found if one.data["kind"] == kind and one.data["state"] == "closed"]
        return [one for one in ended if self.new_year <= one.data["held_on"] <= self.as_of]

    def contests(self, *tiers: str) -> list[Envelope]:
        return [one for one in self.activities("competition") if one.data["tier"] in tiers]

    def recommended(self) -> list[Envelope]:
        found = last(self.of("party_recommendation_made", "party_recommendation_concluded"))
        ours = [one for one in found if one.data["is_industrial_worker"]]
        return [one for one in ours if self.new_year <= one.data["recommended_on"] <= self.half]

    def members(self) -> list[Envelope]:
        told = self.of("member_joined", "member_retained")
        now = last(one for one in told if one.data["effective_on"] <= self.as_of)
        return [one for one in now if one.data["state"] == "active"]

    def approved_unions(self) -> list[Envelope]:
        found = last(self.of("union_founded", "union_approved"))
        return [one for one in found if one.data["approved_on"] and one.data["approved_on"] <= self.as_of]

    def new_unions(self) -> list[Envelope]:
        cobuilt = [one for one in self.approved_unions() if one.data["party_cobuilt"]]
        return [one for one in cobuilt if self.new_year <= one.data["founded_on"] <= self.as_of]

    def joined(self, union: str, since: str) -> list[Envelope]:
        mine = [one for one in self.of("member_joined") if one.data["union_id"] == union]
        return [one for one in mine if since <= one.data["effective_on"] <= self.as_of]

    def checks(self) -> list[Envelope]:
        found = last(self.of("health_check_attended", "health_check_voided"))
        return [
            one for one in found if one.data["state"] == "attended" and self.new_year <= one.data["on"] <= self.as_of
        ]

    def winter_goods(self) -> list[Envelope]:
        found = last(self.of("benefit_issued", "benefit_receipted", "benefit_returned", "benefit_reversed"))
        ours = [one for one in found if (one.data["kind"], one.data["form"]) == ("winter_relief", "goods")]
        return [
            one for one in ours if one.data["state"] == "receipted" and self.new_year <= one.data["on"] <= self.as_of
        ]


def last(events: Iterable[Envelope]) -> list[Envelope]:
    """The last word on each record."""
    found: dict[str, Envelope] = {}
    for event in events:
        if event.subject not in found or found[event.subject].sequence < event.sequence:
            found[event.subject] = event
    return list(found.values())


def each(events: Sequence[Envelope]) -> Recount:
    return Recount(len(events), ids(events))


def persons(events: Sequence[Envelope]) -> Recount:
    return Recount(len({one.data["subject_key"] for one in events}), ids(events))


def ids(events: Iterable[Envelope]) -> frozenset[str]:
    return frozenset(one.id for one in events)


def share_of_targets(heap: Heap) -> Recount:
    days = (heap.new_year, heap.half)
    reported = last(heap.of("development_target_total_reported"))
    totals = [one for one in reported if (one.data["period_from"], one.data["period_to"]) == days]
    above = persons(heap.recommended())
    return Recount(above.numerator, above.ids | ids(totals), sum(one.data["total"] for one in totals))


def contestants(heap: Heap) -> Recount:
    held = {one.subject for one in heap.contests("elite", "mass")}
    return persons([one for one in heap.of("activity_attended") if one.subject in held])


def from_elsewhere(heap: Heap) -> Recount:
    members = heap.members()
    return Recount(sum(one.data["out_of_province"] for one in members), ids(members), len(members))


def riders(heap: Heap) -> Recount:
    return persons([one for one in heap.checks() if one.data["worker_category"] in {"13", "14"}])


def of_platform_workers(unions: Iterable[Envelope]) -> list[Envelope]:
    return [one for one in unions if (one.data["org_kind"], one.data["workforce"]) == ("joint", "new_employment")]


def into_the_first(heap: Heap) -> Recount:
    found = sorted(of_platform_workers(heap.approved_unions()), key=lambda one: (one.data["founded_on"], one.subject))
    return each(heap.joined(found[0].subject, found[0].data["founded_on"]) if found else [])


def into_the_new(heap: Heap) -> Recount:
    return each([join for one in heap.new_unions() for join in heap.joined(one.subject, heap.new_year)])


def worth(heap: Heap) -> Recount:
    goods = heap.winter_goods()
    return Recount(sum(one.data["amount_fen"] for one in goods), ids(goods))


RECOUNTS: Mapping[str, Callable[[Heap], Recount]] = {
    "K01": lambda heap: each(heap.activities("study")),
    "K02": lambda heap: persons(heap.recommended()),
    "K03": share_of_targets,
    "K08": lambda heap: each(heap.contests("elite")),
    "K09": lambda heap: each(heap.contests("mass")),
    "K10": contestants,
    "K31": lambda heap: each(heap.members()),
    "K32": from_elsewhere,
    "K35": lambda heap: each(heap.checks()),
    "K36": riders,
    "K41": into_the_first,
    "K42": lambda heap: each(heap.new_unions()),
    "K43": lambda heap: each(of_platform_workers(heap.new_unions())),
    "K44": into_the_new,
    "K45": lambda heap: persons(heap.winter_goods()),
    "K46": worth,
}
