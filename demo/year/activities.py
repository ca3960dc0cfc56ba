"""Study activities: those that the report counts, and one each of those that it must not."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.events.activities import ActivityKind, ActivityState, Dimension
from demo.year.days import AUTUMN, LATER_JOINS, STOPS, WORKDAYS
from demo.year.roster import Roster
from demo.year.scale import STUDY_ACTIVITIES
from kernel.zone import SHANGHAI

#: Themes of study, and the series that carry them.
_THEMES = ("新发展理念读书会", "安全生产法规学习", "劳动法律知识讲堂", "工匠精神分享会", "民主管理实务学习")
_CARRIERS = ("学堂", "职工书屋", "主题学习日")
#: When an activity begins and how long it takes.
_BEGINS, _LASTS = time(14, tzinfo=SHANGHAI), timedelta(hours=2)
#: People who come to one at most.
_MOST = 42


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity, its union and its people by their numbers; `end` is the state in which it stays."""

    kind: ActivityKind
    title: str
    organiser: int
    published_on: date
    held_on: date
    #: Person and session, once for each time that somebody came.
    attendances: tuple[tuple[int, int], ...]
    end: ActivityState = ActivityState.CLOSED
    theme: str | None = None
    carrier: str | None = None
    tier: str | None = None
    dimension: Dimension = Dimension.RESPONSIBILITY
    sessions: int = 1
    quota: int | None = None
    #: Who registered, in this order; nobody does for study.
    registered: tuple[int, ...] = ()

    @property
    def starts_at(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.held_on, _BEGINS)

    @property
    def ends_at(self) -> datetime:
        """The moment at which it is over."""
        return self.starts_at + _LASTS


class Studies:
    """Plans study activities."""

    def __init__(self, place: str, chance: random.Random, roster: Roster) -> None:
        self._place = place
        self._chance = chance
        self._roster = roster
        self._number = 0

    def all(self) -> Iterator[PlannedActivity]:
        """Those that count, then one of the year before, one whose list stayed open, and one that was voided."""
        for number in range(STUDY_ACTIVITIES):
            yield self._study(WORKDAYS[2 + number * (len(WORKDAYS) - 2) // STUDY_ACTIVITIES], ActivityState.CLOSED)
        yield self._study(AUTUMN, ActivityState.CLOSED)
        yield self._study(WORKDAYS[-1], ActivityState.HELD)
        yield self._study(WORKDAYS[10], ActivityState.VOIDED)

    def _study(self, day: date, end: ActivityState) -> PlannedActivity:
        self._number += 1
        theme, carrier = self._chance.choice(_THEMES), self._chance.choice(_CARRIERS)
        organiser = self._chance.choice((0, *self._roster.of_firms()))
        sessions = self._chance.choice((1, 1, 1, 2))
        return PlannedActivity(
            ActivityKind.STUDY,
            f"{theme}（第{self._number}期）",
            organiser,
            max(LATER_JOINS, before(day)),
            day,
            tuple((person, session + 1) for session in range(sessions) for person in self._attendants(organiser)),
            end,
            theme,
            f"{self._place}{carrier}" if carrier == _CARRIERS[0] else carrier,
            sessions=sessions,
        )

    def _attendants(self, organiser: int) -> list[int]:
        people = self._roster.draw_of(organiser, _MOST) if organiser else self._roster.draw(_MOST // 2)
        return [person.number for person in people]


def before(day: date) -> date:
    """The stop of the clock before a day."""
    return STOPS[STOPS.index(day) - 1]
