"""The firms of the zone: fictitious, of all trades and sizes."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demo.year import names
from demo.year.identifiers import Identifiers
from demo.year.trades import TRADES, Trade

#: Parks in which they lie.
PARKS = ("星野产业园", "望舒科创园", "临桥工业小区")
#: Day on which all of them counted their staff.
COUNTED_ON = date(2022, 5, 31)
#: Sizes of the statistical classification, by the staff below which a firm is of that size (industry, 2017).
_SIZES = ((20, "micro"), (300, "small"), (1000, "medium"), (math.inf, "large"))
#: Staff of industrial firms that stand for the revenue above which statistics follow a firm.
_ABOVE_SCALE = 60


@dataclass(frozen=True, slots=True)
class PlannedEnterprise:
    """A firm. `weight` says how many of the members work there, compared with others."""

    number: int
    uscc: str
    name: str
    short_name: str
    trade: Trade
    park: str
    weight: float

    def staff(self, members: int, density: float) -> int:
        """How many work there, if so many are members."""
        return math.ceil(members / density) + 1


class Founder:
    """Makes firms, each with a name and a code of its own."""

    def __init__(self, place: str, chance: random.Random, identifiers: Identifiers) -> None:
        self._place = place
        self._chance = chance
        self._identifiers = identifiers
        self._own_names = names.firms(chance)
        self.made: list[PlannedEnterprise] = []

    def found(self, count: int, trade: Trade | None = None) -> tuple[int, ...]:
        """So many firms, of any trade unless it is given; gives their numbers."""
        numbers = tuple(range(len(self.made), len(self.made) + count))
        self.made.extend(self._firms(numbers, trade))
        return numbers

    def _firms(self, numbers: tuple[int, ...], trade: Trade | None) -> Iterator[PlannedEnterprise]:
        for number in numbers:
            does, own_name = trade or self._chance.choice(TRADES), next(self._own_names)
            yield PlannedEnterprise(
                number,
                self._identifiers.uscc(),
                f"{self._place}{own_name}{does.name}有限公司",
                f"{own_name}{does.name}",
                does,
                self._chance.choice(PARKS),
                self._chance.lognormvariate(0, 0.7),
            )


def size_of(staff: int) -> str:
    """The class of a firm with this staff."""
    return next(size for below, size in _SIZES if staff < below)


def is_above_scale(trade: Trade, staff: int) -> bool:
    """Whether statistics follow an industrial firm of this staff."""
    return trade.code.startswith("C") and staff >= _ABOVE_SCALE
