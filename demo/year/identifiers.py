"""Numbers that are valid in form and cannot be anybody's: regions that were never assigned, a prefix nobody has."""

import random
from collections import Counter
from datetime import date, timedelta

from kernel.codes.sex import Sex
from kernel.identifiers import resident_id, uscc

#: Last two digits of county codes; none that ends so was ever assigned.
COUNTY = "99"
#: The region of the federation and of whatever it registers.
REGION = f"3301{COUNTY}"
#: First digits of mobile numbers that no carrier was given.
MOBILE_PREFIX = "154"
#: Years that are told apart: each has people, firms and numbers of its own.
YEARS = 100
#: Numbers that are left for people of one sex, born on one day in one region.
_OF_ONE_DAY = 5
#: Mobile numbers of a year, and the step from one to the next, which meets each of them.
_MOBILES, _MOBILE_STEP = 10**6, 618_033
#: First two characters of the codes of enterprises: the market authority, an enterprise.
_ENTERPRISE = "91"


class Identifiers:
    """Gives each number once; those of years with another `year`, a number below `YEARS`, are others."""

    def __init__(self, year: int, chance: random.Random) -> None:
        self._year = f"{year:02}"
        self._taken: Counter[tuple[str, date, Sex]] = Counter()
        self._mobile = chance.randrange(_MOBILES)
        self._enterprises = 0

    def resident_id(self, region: str, born: date, sex: Sex) -> str:
        """A number for somebody born on that day, or on the next for which there is one."""
        while self._taken[region, born, sex] == _OF_ONE_DAY:
            born += timedelta(days=1)
        last = 2 * self._taken[region, born, sex] + (sex is Sex.MALE)
        self._taken[region, born, sex] += 1
        first_17 = f"{region}{born:%Y%m%d}{self._year}{last}"
        return first_17 + resident_id.check_character(first_17)

    def mobile(self) -> str:
        """A mobile number."""
        self._mobile = (self._mobile + _MOBILE_STEP) % _MOBILES
        return f"{MOBILE_PREFIX}{self._year}{self._mobile:06}"

    def uscc(self) -> str:
        """The code of an enterprise."""
        self._enterprises += 1
        first_8 = f"MA{self._year}{self._enterprises:04}"
        first_17 = _ENTERPRISE + REGION + first_8 + uscc.organisation_check_character(first_8)
        return first_17 + uscc.check_character(first_17)
