"""A mobile number is one spelling of eleven digits, whatever way it was typed, or a search by it would miss."""

import re

from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.text import half_width

#: No list of prefixes: carriers open new ones, and a list would refuse their customers.
_MOBILE = re.compile(r"1[3-9][0-9]{9}")

_SEPARATORS = re.compile(r"[ -]")


def normalise(text: str) -> str:
    """Give the one spelling that is stored and indexed; the result need not be a valid number."""
    return _SEPARATORS.sub("", half_width(text)).removeprefix("+86")


def parse(text: str) -> str:
    """Read a mainland mobile number as its eleven digits.

    Raises `InvalidIdentifier` with code mobile_format.
    """
    number = normalise(text)
    if _MOBILE.fullmatch(number) is None:
        raise InvalidIdentifier("mobile_format")
    return number
