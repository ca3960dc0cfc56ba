"""The unions of the zone: those that were there, the first one of new employment, and the ones founded in the year."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from contracts.membership.organisation import FoundingMode as Mode
from contracts.membership.organisation import OrgKind as Kind
from contracts.membership.organisation import Workforce
from demo.year.days import BEGINNING, WORKDAYS
from demo.year.enterprises import PARKS, Founder
from demo.year.scale import NEW_UNIONS, Scale
from demo.year.trades import DELIVERY, TRADES

#: The zone's federation was founded and approved before all others.
FEDERATION_DAYS = date(2012, 5, 1), date(2012, 5, 20)


class Way(NamedTuple):
    """How unions of firms come to be: kind, mode, the word for it in a name, and of how many firms each is."""

    kind: Kind
    mode: Mode
    word: str
    firms: int


#: Ways in which several firms have one union, and how many such unions there are for a hundred old firms.
_UNITED = (
    (Way(Kind.JOINT, Mode.JOINT, "等企业联合", 3), 3.7),
    (Way(Kind.JOINT, Mode.INDUSTRY, "等企业行业", 4), 0.9),
    (Way(Kind.JOINT, Mode.REGIONAL, "等企业楼宇", 3), 0.9),
)
#: The way of most: one firm, one union.
_SINGLE = Way(Kind.BASIC, Mode.SINGLE, "", 1)
#: Unions that have no firms of their own, beside a federation for each park; and when they were founded and approved.
_ABOVE = (
    ("制造业工会联合会", Kind.INDUSTRY_FEDERATION, Mode.INDUSTRY),
    ("机关工会工作委员会", Kind.WORK_COMMITTEE, Mode.REGIONAL),
    ("东片工会办事处", Kind.OFFICE, Mode.REGIONAL),
    ("机关后勤工会分会", Kind.BRANCH, Mode.SINGLE),
)
_ABOVE_DAYS = date(2012, 5, 28), date(2012, 6, 1)
#: Unions of firms that the year founds by party co-building, and the two of new employment, each of these firms.
_NEW = (Way(Kind.JOINT, Mode.JOINT, "等企业联合", 3), Way(Kind.JOINT, Mode.INDUSTRY, "等企业行业", 3), *(_SINGLE,) * 11)
_NEW_EMPLOYMENT, _DELIVERY_FIRMS = ("快递行业新就业形态联合工会", "外卖配送新就业形态联合工会"), 3
#: Workdays between a founding and its approval.
_TO_APPROVAL = 1
#: Days of founding and approval.
Days = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class PlannedUnion:
    """A union; `approved_on` is None where its superior has not decided. Superiors and firms by their numbers."""

    number: int
    name: str
    short_name: str
    org_kind: Kind
    founding_mode: Mode
    workforce: Workforce
    party_cobuilt: bool
    superior: int | None
    enterprises: tuple[int, ...]
    founded_on: date
    approved_on: date | None

    @property
    def is_old(self) -> bool:
        """Whether it was there before the story begins."""
        return self.founded_on < BEGINNING


class Tree:
    """Grows the tree of unions: the federation is number 0, what unites unions comes next."""

    def __init__(self, place: str, chance: random.Random, founder: Founder) -> None:
        self._place = place
        self._chance = chance
        self._founder = founder
        self.unions: list[PlannedUnion] = []
        name = f"{place}经济开发区总工会"
        self._add(name, name, Kind.FEDERATION, Mode.REGIONAL, FEDERATION_DAYS, superior=None)

    def grow(self, scale: Scale) -> None:
        """All unions, in the order in which they are founded."""
        for park in PARKS:
            self._add(
                f"{self._place}{park}工会联合会", f"{park}工会", Kind.REGIONAL_FEDERATION, Mode.REGIONAL, _ABOVE_DAYS
            )
        for name, kind, mode in _ABOVE:
            self._add(f"{self._place}{name}", name, kind, mode, _ABOVE_DAYS)
        for way in _ways(scale):
            self._of_firms(way, self._old_days(), party_cobuilt=self._chance.random() < 0.4)
        self._of_delivery("新就业形态联合工会", (BEGINNING, BEGINNING))
        self._grow_in_the_year()

    def _grow_in_the_year(self) -> None:
        days = _founding_days()
        for way in _NEW:
            self._of_firms(way, next(days), party_cobuilt=True)
        for name in _NEW_EMPLOYMENT:
            self._of_delivery(name, next(days))
        # two more that no figure counts: one without the Party's help, one that waits for its approval
        self._of_firms(_SINGLE, (WORKDAYS[5], WORKDAYS[6]), party_cobuilt=False)
        self._of_firms(_SINGLE, (WORKDAYS[-1], None), party_cobuilt=True)

    def _of_firms(self, way: Way, days: Days, *, party_cobuilt: bool) -> None:
        trade = self._chance.choice(TRADES) if way.mode is Mode.INDUSTRY else None
        firms = self._founder.found(way.firms, trade)
        first = self._founder.made[firms[0]]
        self._add(
            f"{first.name}{way.word}工会委员会",
            f"{first.short_name}{way.word}工会",
            way.kind,
            way.mode,
            days,
            superior=self._chance.choice((0, 1 + PARKS.index(first.park))),
            enterprises=firms,
            party_cobuilt=party_cobuilt,
        )

    def _of_delivery(self, name: str, days: Days) -> None:
        self._add(
            f"{self._place}{name}",
            name,
            Kind.JOINT,
            Mode.JOINT,
            days,
            workforce=Workforce.NEW_EMPLOYMENT,
            enterprises=self._founder.found(_DELIVERY_FIRMS, DELIVERY),
        )

    def _add(
        self,
        name: str,
        short_name: str,
        kind: Kind,
        mode: Mode,
        days: Days,
        *,
        superior: int | None = 0,
        enterprises: tuple[int, ...] = (),
        workforce: Workforce = Workforce.GENERAL,
        party_cobuilt: bool = True,
    ) -> None:
        made = (len(self.unions), name, short_name, kind, mode, workforce, party_cobuilt, superior, enterprises, *days)
        self.unions.append(PlannedUnion(*made))

    def _old_days(self) -> Days:
        founded = date(2012, 6, 4) + timedelta(days=self._chance.randrange(3500))
        return founded, founded + timedelta(days=self._chance.randint(5, 15))


def _ways(scale: Scale) -> Iterator[Way]:
    """How the unions of the old firms came to be; most are of one firm alone."""
    left = scale.enterprises
    for way, per_hundred in _UNITED:
        for _ in range(max(1, round(per_hundred * scale.enterprises / 100))):
            left -= way.firms
            yield way
    yield from (_SINGLE,) * left


def _founding_days() -> Iterator[Days]:
    """When the unions of the year are founded and approved: about one on each workday from February on."""
    days = WORKDAYS[3:-3]
    for number in range(NEW_UNIONS):
        place = number * (len(days) - _TO_APPROVAL) // NEW_UNIONS
        yield days[place], days[place + _TO_APPROVAL]
