"""The facts of the demo year; every union, person and place is fictitious, and each figure is counted, never typed."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from contracts.membership.organisation import FoundingMode, OrgKind, Workforce
from kernel.codes.worker_category import WorkerCategory
from kernel.zone import SHANGHAI

#: Date of the report that the demo year ends with.
REPORT_DATE = date(2023, 9, 30)
#: A county code that was never assigned, so that nothing of the demo can be anybody's.
REGION = "330199"
#: The federation at the root of the tree.
FEDERATION = "澄湖经济开发区总工会"
#: Unions below it: name, short name, kind, founding mode, workforce.
UNIONS = (
    ("青禾精密制造有限公司工会委员会", "青禾精密工会", OrgKind.JOINT, FoundingMode.REGIONAL, Workforce.GENERAL),
    ("远帆智能装备有限公司工会委员会", "远帆装备工会", OrgKind.JOINT, FoundingMode.REGIONAL, Workforce.GENERAL),
    ("澄湖星野产业园联合工会委员会", "星野园联合工会", OrgKind.JOINT, FoundingMode.REGIONAL, Workforce.GENERAL),
    (
        "澄湖配送行业新就业形态联合工会",
        "澄湖新业态工会",
        OrgKind.JOINT,
        FoundingMode.INDUSTRY,
        Workforce.NEW_EMPLOYMENT,
    ),
)
#: Themes of study, and the series that carry them.
THEMES = ("新发展理念读书会", "安全生产法规学习", "劳动法律知识讲堂", "工匠精神分享会", "民主管理实务学习")
CARRIERS = ("澄湖学堂", "职工书屋", "主题学习日")
#: Study activities that the year's report counts.
STUDY_ACTIVITIES = 20
#: People who come to study activities.
PEOPLE = 260


@dataclass(frozen=True, slots=True)
class PlannedUnion:
    """A union below the federation."""

    name: str
    short_name: str
    org_kind: str
    founding_mode: str
    workforce: str
    founded_on: date
    approved_on: date


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """A study activity. `organiser` is the index of a union, or None for the federation itself."""

    title: str
    theme: str
    carrier: str
    organiser: int | None
    starts_at: datetime
    sessions: int
    attendances: tuple[tuple[str, int, str], ...]

    @property
    def ends_at(self) -> datetime:
        """Two hours later."""
        return self.starts_at + timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Year:
    """All facts of the demo year, the same for the same seed."""

    seed: int
    unions: tuple[PlannedUnion, ...]
    activities: tuple[PlannedActivity, ...] = field(repr=False)


def year(seed: int = 2023) -> Year:
    """Generate the year."""
    chance = random.Random(seed)
    activities = tuple(_activities(chance, [_person(seed, number) for number in range(PEOPLE)]))
    return Year(seed, tuple(_unions()), activities)


def _unions() -> Iterator[PlannedUnion]:
    for index, (name, short_name, kind, mode, workforce) in enumerate(UNIONS):
        founded = date(2022, 6, 18) + timedelta(days=60 * index)
        yield PlannedUnion(name, short_name, kind, mode, workforce, founded, founded + timedelta(days=10))


def _activities(chance: random.Random, people: list[tuple[str, str]]) -> Iterator[PlannedActivity]:
    for number in range(STUDY_ACTIVITIES):
        day = date(2023, 1, 9) + timedelta(days=13 * number)
        theme = chance.choice(THEMES)
        sessions = chance.choice((1, 1, 1, 2))
        yield PlannedActivity(
            title=f"{theme}（第{number + 1}期）",
            theme=theme,
            carrier=chance.choice(CARRIERS),
            organiser=chance.choice((None, *range(len(UNIONS)))),
            starts_at=datetime(day.year, day.month, day.day, 14, tzinfo=SHANGHAI),
            sessions=sessions,
            attendances=tuple(
                (person, session, category)
                for session in range(1, sessions + 1)
                for person, category in chance.sample(people, chance.randint(18, 42))
            ),
        )


def _person(seed: int, number: int) -> tuple[str, str]:
    """A subject key that is nobody's, and a worker category."""
    key = hashlib.sha256(f"demo {seed} person {number}".encode()).hexdigest()
    categories = (WorkerCategory.EMPLOYED_STAFF, WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER)
    return key, categories[number % 5 % 3].value
