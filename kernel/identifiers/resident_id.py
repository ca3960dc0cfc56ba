"""A resident ID number (GB 11643-1999) proves itself, its holder's age and sex, before anybody relies on it."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from kernel import regions
from kernel.codes.sex import Sex
from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.text import half_width

#: Warning, never a refusal: the region table is never complete and districts come and go.
REGION_UNKNOWN = "resident_id_region_unknown"

#: ISO 7064 MOD 11-2: one weight for each of the first 17 digits, and the check character of each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


class Holder(Enum):
    """In which capacity a number is given; the value is the ages in full years that it allows."""

    #: Working age (Labour Law art 15); above 120 the number is a slip of the pen.
    MEMBER = range(16, 121)
    #: A child in childcare; under 14 its data are sensitive (Personal Information Protection Law arts 28 and 31).
    CHILD = range(14)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number whose form, check character and birth date are right; its repr shows none of it."""

    number: str = field(repr=False)
    birth_date: date = field(repr=False)

    @property
    def region_code(self) -> str:
        """The six-digit code of the county that first issued the number."""
        return self.number[:6]

    @property
    def sex(self) -> Sex:
        """The holder's sex: an odd sequence number is a man's."""
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a clerk should look at, although the number is accepted."""
        return () if regions.is_known(self.region_code) else (REGION_UNKNOWN,)

    def age(self, on: date) -> int:
        """As `full_years` of the birth date."""
        return full_years(self.birth_date, on)


def full_years(birth_date: date, on: date) -> int:
    """Give the age on a day; who was born on 29 February grows older on 1 March of a common year."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def normalise(text: str) -> str:
    """Give the one spelling that is stored and indexed; the result need not be a valid number."""
    return half_width(text).upper()


def check_character(first_17: str) -> str:
    """Give the last character of the number that begins with these 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def parse(text: str) -> ResidentId:
    """Read a number on its own merits: length, characters, check character, then a birth date that exists.

    Raises `InvalidIdentifier` with code resident_id_fifteen_digits (numbers of before 1999 are not converted),
    resident_id_length, resident_id_characters, resident_id_check_digit or resident_id_birth_date.
    """
    number = normalise(text)
    if re.fullmatch(r"[0-9]{15}", number):
        raise InvalidIdentifier("resident_id_fifteen_digits")
    if len(number) != 18:
        raise InvalidIdentifier("resident_id_length")
    if _SHAPE.fullmatch(number) is None:
        raise InvalidIdentifier("resident_id_characters")
    if check_character(number[:17]) != number[17]:
        raise InvalidIdentifier("resident_id_check_digit")
    return ResidentId(number, _birth_date(number))


def validate(text: str, holder: Holder, on: date, sex: Sex | None = None) -> ResidentId:
    """Read a number and hold it against its holder: born by `on`, of an age the capacity allows, of the stated sex.

    A sex that is unknown, unstated or None is not compared. Raises `InvalidIdentifier` with the codes of `parse`, or
    resident_id_birth_in_future, resident_id_age or resident_id_sex.
    """
    resident_id = parse(text)
    if resident_id.birth_date > on:
        raise InvalidIdentifier("resident_id_birth_in_future")
    if resident_id.age(on) not in holder.value:
        raise InvalidIdentifier("resident_id_age")
    if sex in (Sex.MALE, Sex.FEMALE) and sex != resident_id.sex:
        raise InvalidIdentifier("resident_id_sex")
    return resident_id


def _birth_date(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidIdentifier("resident_id_birth_date") from None
