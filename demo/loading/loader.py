"""Loads the year day by day: what a day needs first, then everything that waits for nothing, with several hands."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from demo.accounts import Registry
from demo.loading import activities, clock, health_checks, members, party, posts, programmes, unions
from demo.loading.desk import Desk, Office, Progress, Task, work
from demo.loading.office import open_office, seat_officials, system_admin
from demo.year.days import BEGINNING, FIRST_JOINS, STOPS
from demo.year.generator import Year

#: What is done on a day, stage by stage; the parts of a stage wait for nothing of each other.
STAGES: tuple[tuple[Callable[[Desk, date], Iterator[Task]], ...], ...] = (
    (unions.enterprises, unions.above),
    (unions.below, unions.approvals),
    (members.imports,),
    (members.lookups,),
    (posts.tasks, programmes.approvals, activities.tiers),
    (members.tasks, activities.tasks, programmes.tasks, health_checks.tasks, party.tasks),
)


def load(url: str, passwords: Mapping[str, str], year: Year, progress: Progress) -> Office:
    """Load a year; safe to repeat, for each fact carries a key of its own. `progress` is called after each task."""
    registry, desk = Registry(url, passwords), Desk(year)
    mover = system_admin(registry)
    for day in STOPS:
        clock.move(mover, day, year.key)
        progress(day.isoformat())
        if day == BEGINNING:
            desk.open(open_office(registry, year))
        if day == FIRST_JOINS:
            # a day after their posts were recorded, so that the gateway has heard of them
            desk.seat(seat_officials(registry, desk))
        for stage in STAGES:
            work([task for part in stage for task in part(desk, day)], progress, day.isoformat())
    return desk.office


def steps(year: Year) -> int:
    """How often `load` reports progress."""
    desk = Desk(year)
    tasks = (part(desk, day) for day in STOPS for stage in STAGES for part in stage)
    return len(STOPS) + sum(1 for part in tasks for _ in part)
