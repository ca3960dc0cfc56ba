"""A year whose every number is known: what figures count, and which words the report may use for it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from contracts.declare import Event
from contracts.events import activities
from contracts.membership import organisation, party, register
from contracts.reporting import reports
from contracts.roles import Role
from contracts.welfare import grants, health_checks
from kernel.ids import new_id
from tests.service.harness import Service, an_actor
from tests.service.histories import Told

AS_OF = date(2023, 9, 30)
MEMBERS, RETAINED, OUT_OF_PROVINCE = 16_342, 610, 9_968
FIRST_UNION_JOINS, NEW_UNION_JOINS = 214, 846
CHECKS, RIDERS, CHECKS_OF_RIDERS = 544, 63, 71
CONTESTANTS, CONTEST_ATTENDANCES = 236, 318
#: Events that reporting takes at once.
BATCH = 1000


def people(number: int, kind: int) -> list[str]:
    return [f"{kind:08x}{each:056x}" for each in range(number)]


def taking_turns(persons: Sequence[str], times: int) -> Iterator[str]:
    """So many names, each person at least once."""
    return (persons[each % len(persons)] for each in range(times))


class Year(Told):
    """The events of the year of one federation."""

    def __init__(self) -> None:
        super().__init__()
        self.federation = new_id()
        self._join_number = 0
        self.union(self.federation, None, "2020-01-01", org_kind="federation")
        self.first = self.union(new_id(), self.federation, "2022-06-18", org_kind="joint", workforce="new_employment")
        self.new = [self._new_union(each) for each in range(15)]
        self._members()
        self._activities()
        self._recommendations()
        self._checks()
        self._relief()

    def union(self, union_id: str, superior_id: str | None, founded_on: str, **kind: Any) -> str:
        state = {
            "union_id": union_id,
            "superior_id": superior_id,
            "org_kind": "federation",
            "name": "Mill",
            "region_code": "330110",
            "workforce": "general",
            "party_cobuilt": False,
            "founded_on": founded_on,
            "approved_on": founded_on,
            "state": "approved",
            **kind,
        }
        self.tell(organisation.UnionApproved, 2, state)
        return union_id

    def _new_union(self, number: int) -> str:
        kind = {"org_kind": "joint", "workforce": "new_employment"} if number < 2 else {"org_kind": "basic"}
        return self.union(new_id(), self.federation, "2023-03-15", party_cobuilt=True, **kind)

    def _members(self) -> None:
        joins = [(self.first, "2022-06-18")] * FIRST_UNION_JOINS
        joins += [(union, "2023-05-04") for union in taking_turns(self.new, NEW_UNION_JOINS)]
        joins += [(self.federation, "2021-05-04")] * (MEMBERS - len(joins))
        for number, (union, joined_on) in enumerate(joins):
            self._member(union, joined_on, out_of_province=number < OUT_OF_PROVINCE)
        for _ in range(RETAINED):
            state = self._member(self.federation, "2021-05-04", out_of_province=False)
            self.tell(register.MemberRetained, 2, {**state, "state": "retained", "effective_on": "2023-02-01"})

    def _member(self, union_id: str, joined_on: str, *, out_of_province: bool) -> dict[str, Any]:
        state = {
            "membership_id": new_id(),
            "union_id": union_id,
            "subject_key": "5e" * 32,
            "worker_category": "10",
            "is_industrial_worker": True,
            "out_of_province": out_of_province,
            "state": "active",
            "effective_on": joined_on,
        }
        self.tell(register.MemberJoined, 1, state)
        return state

    def _activities(self) -> None:
        for _ in range(20):
            self._activity("study", None, [])
        names = list(taking_turns(people(CONTESTANTS, 1), CONTEST_ATTENDANCES))
        for number in range(7):
            self._activity("competition", "mass" if number else "elite", names[number::7])

    def _activity(self, kind: str, tier: str | None, came: Sequence[str]) -> None:
        state = {
            "activity_id": new_id(),
            "union_id": self.federation,
            "kind": kind,
            "tier": tier,
            "state": "closed",
            "starts_at": "2023-04-01T11:00:00+00:00",
            "held_on": "2023-04-01",
            "sessions": 2,
            "attendances": len(came),
            "distinct_subjects": len(set(came)),
        }
        self.tell(activities.ActivityClosed, 3, state)
        for number, person in enumerate(came):
            same = {name: state[name] for name in ("activity_id", "union_id", "kind")}
            line = {"session_no": 1, "subject_key": person, "worker_category": "10", "on": state["held_on"]}
            self.tell(activities.ActivityAttended, 4 + number, same | line)

    def _recommendations(self) -> None:
        for person in people(37, 2):
            state = {
                "recommendation_id": new_id(),
                "union_id": self.federation,
                "subject_key": person,
                "is_industrial_worker": True,
                "state": "recommended",
                "recommended_on": "2023-05-01",
            }
            self.tell(party.PartyRecommendationMade, 1, state)
        days = {"period_from": "2023-01-01", "period_to": "2023-06-30"}
        total = {"target_total_id": new_id(), "union_id": self.federation, "total": 39, **days}
        self.tell(party.DevelopmentTargetTotalReported, 1, total)

    def _checks(self) -> None:
        riders = [(person, "13") for person in taking_turns(people(RIDERS, 3), CHECKS_OF_RIDERS)]
        others = [(person, "10") for person in people(CHECKS - CHECKS_OF_RIDERS, 4)]
        for person, category in (*riders, *others):
            state = {
                "booking_id": new_id(),
                "programme_id": new_id(),
                "union_id": self.federation,
                "subject_key": person,
                "worker_category": category,
                "state": "attended",
                "on": "2023-06-01",
            }
            self.tell(health_checks.HealthCheckAttended, 1, state)

    def _relief(self) -> None:
        for person in people(412, 5):
            self._grant(person, "goods", [(grants.BenefitReceipted, "receipted")])
        for person in people(30, 6):
            self._grant(person, "money", [(grants.BenefitReceipted, "receipted")])
        taken_back = [(grants.BenefitReceipted, "receipted"), (grants.BenefitReversed, "reversed")]
        self._grant(people(1, 7)[0], "goods", taken_back)

    def _grant(self, person: str, form: str, told: Sequence[tuple[type[Event], str]]) -> None:
        state = {
            "grant_id": new_id(),
            "programme_id": new_id(),
            "union_id": self.federation,
            "kind": "winter_relief",
            "form": form,
            "subject_key": person,
            "worker_category": "10",
            "amount_fen": 20_000,
            "on": "2023-01-12",
        }
        for sequence, (event, reached) in enumerate(told, 1):
            self.tell(event, sequence, {**state, "state": reached})


@pytest.fixture(scope="module")
def report(started: Callable[[str], Service]) -> dict[str, Any]:
    """The report of the year, whose events came in the wrong order."""
    year, reporting = Year(), started("reporting")
    backwards = year.events[::-1]
    for start in range(0, len(backwards), BATCH):
        reporting.absorber.live(backwards[start : start + BATCH])
    asked = {"org": year.federation, "as_of": AS_OF, "title": "The year"}
    found: dict[str, Any] = reporting.do(reports.CreateReport, an_actor(Role.ANALYST, year.federation), **asked)
    return found


def figures(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    sentences = [each for chapter in report["chapters"] for each in chapter["sentences"]]
    return {figure["code"]: figure for sentence in sentences for figure in sentence["figures"]}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("K01", "20"),
        ("K02", "37"),
        ("K03", "94.87"),
        ("K08", "1"),
        ("K09", "6"),
        ("K10", "236"),
        ("K31", "16342"),
        ("K32", "61.00"),
        ("K35", "544"),
        ("K36", "63"),
        ("K41", "214"),
        ("K42", "15"),
        ("K43", "2"),
        ("K44", "846"),
        ("K45", "412"),
        ("K46", "82400"),
    ],
)
def test_every_figure_of_the_year_is_the_known_number(report: dict[str, Any], code: str, value: str) -> None:
    assert figures(report)[code]["value"] == value


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("K01", ["20场"]),
        ("party", ["37名", "94.87%"]),
        ("contests", ["1场", "6场", "200余人"]),
        ("members", ["1.6万多名", "60%以上"]),
        ("K41", ["200余名"]),
        ("new_unions", ["15家", "2家", "800余名"]),
        ("health_checks", ["544人次", "60余人"]),
        ("winter_relief", ["400余人", "8万余元"]),
    ],
)
def test_the_report_of_the_year_says_what_is_true_of_it(report: dict[str, Any], sentence: str, told: list[str]) -> None:
    texts = {each["code"]: each["text"] for chapter in report["chapters"] for each in chapter["sentences"]}

    assert all(figure in texts[sentence]["zh"] for figure in told)


def test_nothing_of_the_year_is_left_out(report: dict[str, Any]) -> None:
    sentences = [each for chapter in report["chapters"] for each in chapter["sentences"]]

    assert [each["code"] for each in sentences if each["text"] is None] == []
