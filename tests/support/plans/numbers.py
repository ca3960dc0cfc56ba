"""Numbers that are valid in form and cannot be anybody's: a county that was never assigned, a prefix nobody has."""

from datetime import date, timedelta

from kernel.identifiers import resident_id as resident_ids
from kernel.identifiers import uscc as credit_codes

#: The county of all that a load makes; no code that ends so was ever assigned.
COUNTY = "330199"
#: Whoever has the number 0 was born on this day; on each day as many are born as there are numbers for.
_FIRST_BIRTHDAY, _OF_ONE_DAY = date(1970, 1, 1), 1000


def resident_id(person: int) -> str:
    """The number of a person; who has an odd number is a man."""
    days, place = divmod(person, _OF_ONE_DAY)
    first_17 = f"{COUNTY}{_FIRST_BIRTHDAY + timedelta(days=days):%Y%m%d}{place:03}"
    return first_17 + resident_ids.check_character(first_17)


def mobile(person: int) -> str:
    """Of a prefix that no carrier was given."""
    return f"154{person:08}"


def uscc(enterprise: int) -> str:
    """The code of an enterprise."""
    first_8 = f"MA{enterprise:06}"
    first_17 = f"91{COUNTY}{first_8}{credit_codes.organisation_check_character(first_8)}"
    return first_17 + credit_codes.check_character(first_17)
