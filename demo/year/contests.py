"""Contests of skill in two tiers: who registered, who came to which session, and one contest that was cancelled."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle

from contracts.events.activities import ActivityKind, ActivityState
from demo.year.activities import PlannedActivity, before
from demo.year.days import AUTUMN, WORKDAYS
from demo.year.roster import Roster
from demo.year.scale import ELITE_CONTESTS, MASS_CONTESTS, Scale
from demo.year.shares import divide

#: The federation's own words for its contests.
ELITE, MASS = "elite", "mass"
TIERS = {ELITE: {"zh": "精英赛", "en": "elite contest"}, MASS: {"zh": "群英赛", "en": "mass contest"}}
#: What people contend in, the elite contest first; the last two of the year before and cancelled.
_TRADES = (
    "工业机器人调试",
    "数控加工",
    "电工接线",
    "叉车驾驶",
    "质量检验",
    "快件分拣",
    "安全隐患排查",
    "钳工装配",
    "茶艺服务",
)
#: Workdays on which the contests are held, the elite contest last.
_HELD = (8, 4, 6, 10, 12, 14, 16)
#: Of the attendances beyond the first one of each person, so many in four are in a second session of the contest.
_IN_FINALS = 3
#: Registered people of each contest who do not come; the last one of these only waits for a place.
_ABSENT = 3


class Contests:
    """Plans the contests."""

    def __init__(self, scale: Scale, chance: random.Random, roster: Roster) -> None:
        self._scale = scale
        self._chance = chance
        self._roster = roster
        self._names = iter(_TRADES)

    def all(self) -> Iterator[PlannedActivity]:
        """Those that count, one of the year before, and one that was cancelled."""
        count = ELITE_CONTESTS + MASS_CONTESTS
        drawn = [person.number for person in self._roster.draw(self._scale.contest_people)]
        people = iter(drawn)
        sizes = divide(len(drawn), [self._chance.uniform(1, 2) for _ in range(count)], least=2)
        groups = [[next(people) for _ in range(size)] for size in sizes]
        extra = self._scale.contest_attendances - self._scale.contest_people
        finals = self._finals(groups, extra * _IN_FINALS // 4)
        guests = self._guests(groups, extra - extra * _IN_FINALS // 4)
        tiers = [ELITE] * ELITE_CONTESTS + [MASS] * MASS_CONTESTS
        for place, tier in enumerate(tiers):
            first = (*groups[place], *guests[place])
            yield self._contest(tier, WORKDAYS[_HELD[place]], first, finals[place])
        yield self._contest(MASS, AUTUMN, [person.number for person in self._roster.draw(5)], [])
        yield self._contest(MASS, WORKDAYS[-1], [person.number for person in self._roster.draw(4)], [], cancelled=True)

    def _finals(self, groups: Sequence[Sequence[int]], count: int) -> list[list[int]]:
        """So many people who come to a second session, from all contests in turn."""
        finals: list[list[int]] = [[] for _ in groups]
        waiting = [iter(group) for group in groups]
        for place in cycle(range(len(groups))):
            if sum(map(len, finals)) == count:
                return finals
            finals[place] += [person for person in [next(waiting[place], None)] if person is not None]
        return finals

    def _guests(self, groups: Sequence[Sequence[int]], count: int) -> list[list[int]]:
        """So many people who also come to the contest after their own."""
        pairs = [(person, place) for place, group in enumerate(groups) for person in group]
        guests: list[list[int]] = [[] for _ in groups]
        for person, place in self._chance.sample(pairs, count):
            guests[(place + 1) % len(groups)].append(person)
        return guests

    def _contest(
        self, tier: str, day: date, first: Sequence[int], finals: Sequence[int], cancelled: bool = False
    ) -> PlannedActivity:
        absent = [person.number for person in self._roster.draw(_ABSENT + len(first)) if person.number not in first]
        registered = (*first, *absent[:_ABSENT])
        return PlannedActivity(
            ActivityKind.COMPETITION,
            f"{next(self._names)}技能比武",
            0,
            before(day),
            day,
            () if cancelled else (*((person, 1) for person in first), *((person, 2) for person in finals)),
            ActivityState.CANCELLED if cancelled else ActivityState.CLOSED,
            tier=tier,
            sessions=2 if finals else 1,
            quota=len(registered) - 1,
            registered=registered,
        )
