"""Health checks: days at a provider, who booked and who came; couriers and riders among them, some of these twice."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from contracts.welfare.programmes import BenefitForm, FundSource, ProgrammeKind
from demo.year.days import AUTUMN, LATER_JOINS, WORKDAYS
from demo.year.programmes import PlannedProgramme
from demo.year.roster import Roster, is_rider
from demo.year.scale import Scale
from demo.year.shares import divide

#: Workdays of the year on which a provider examines.
_HELD = WORKDAYS[4::2]
#: People who book a place on each day and do not come.
_NO_SHOWS = 2
#: Who provides the checks.
PROVIDER = "职工体检中心"
#: What one check may cost, in fen, for the budget.
_COST_FEN = 38_000
#: Programmes of two years by year: first and last day, days of approval and opening.
_PROGRAMMES = {
    2022: (date(2022, 7, 1), date(2022, 12, 31), LATER_JOINS, LATER_JOINS),
    2023: (date(2023, 1, 1), date(2023, 12, 31), AUTUMN, WORKDAYS[0]),
}


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """A day of checks, people by their numbers. `mistaken` were marked although they did not come: voided later."""

    year: int
    held_on: date
    booked: tuple[int, ...]
    attended: tuple[int, ...]
    mistaken: tuple[int, ...] = ()

    @property
    def quota(self) -> int:
        """Places on that day, a few more than were booked."""
        return len(self.booked) + 5


def provider_id(place: str) -> str:
    """The id of the provider, the same in each run."""
    return str(uuid5(NAMESPACE_URL, f"demo:provider:{place}"))


def programmes(scale: Scale) -> Iterator[PlannedProgramme]:
    """The programme of the year, and that of the year before."""
    for year, (starts, ends, approved, opened) in _PROGRAMMES.items():
        yield PlannedProgramme(
            ProgrammeKind.HEALTH_CHECK,
            BenefitForm.SERVICE,
            f"{year}年职工免费健康体检",
            year,
            starts,
            ends,
            2 * _COST_FEN * scale.health_checks,
            FundSource.UNION_FUNDS,
            approved,
            opened,
        )


def slots(scale: Scale, chance: random.Random, roster: Roster) -> Iterator[PlannedSlot]:
    """The days of the year, which come to the counts of the scale; and one of the year before."""
    yield _slot(2022, AUTUMN, roster, [person.number for person in roster.draw(5)], mistaken=False)
    others = [p.number for p in roster.draw(scale.health_checks - scale.rider_checks, lambda p: not is_rider(p))]
    riders = [person.number for person in roster.riders(scale.riders)]
    twice = riders[: scale.rider_checks - scale.riders]
    days = len(_HELD)
    sizes = divide(len(others), [chance.uniform(2, 3) for _ in range(days)])
    for place, day in enumerate(_HELD):
        took = sum(sizes[:place])
        # who comes twice comes half the year later, and so never twice on one day
        again = twice[(place + days // 2) % days :: days]
        people = [*others[took : took + sizes[place]], *riders[place::days], *again]
        yield _slot(2023, day, roster, people, mistaken=place == 0)


def _slot(year: int, day: date, roster: Roster, people: Sequence[int], *, mistaken: bool) -> PlannedSlot:
    strangers = [person.number for person in roster.draw(_NO_SHOWS + len(people)) if person.number not in people]
    absent = tuple(strangers[:_NO_SHOWS])
    return PlannedSlot(year, day, (*people, *absent), tuple(people), absent[:1] if mistaken else ())
