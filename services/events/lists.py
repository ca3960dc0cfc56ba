"""Refuses a list so that whoever sent it sees which of its lines to mend."""

from collections.abc import Collection, Sequence
from typing import Any

from chassis.errors import Refused

#: Lines that one refusal names; nobody mends more at once.
MOST_NAMED = 20


def check_lines(code: str, field: str, lines: Sequence[Any], bad: Collection[Any]) -> None:
    """Raise Refused if some lines of the field are bad; it names the places of the first of them."""
    places = [place for place, line in enumerate(lines) if line in bad]
    if places:
        raise Refused(
            code, field=field, errors=[{"field": f"{field}.{at}", "code": code} for at in places[:MOST_NAMED]]
        )
