"""Region codes change by decree, so they are a table with dates; a code that it lacks is a doubt, never an error."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

from kernel.errors import KernelError

_CODE = re.compile(r"[0-9]{6}")
_PROVINCE = re.compile(r"[0-9]{2}")


class MalformedRegionCode(KernelError):
    """A region code has six digits (GB/T 2260), a province its first two."""

    code = "region_code_malformed"


@dataclass(frozen=True, slots=True)
class Region:
    """One row of the table: `valid_to` is the first day on which the code no longer holds; None leaves an end open.

    `certainty` is V (text read), V2 (secondary source), MH, MM or ML (from memory; high, medium, low).
    """

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    certainty: str
    source: str

    def is_valid(self, on: date) -> bool:
        """Say whether the code held on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


@cache
def regions() -> Mapping[str, Region]:
    """Give every region that the table knows, present or abolished, by code."""
    text = resources.files("kernel.data").joinpath("regions.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: _region(row) for row in csv.DictReader(text.splitlines())})


def is_known(code: str) -> bool:
    """Say whether the table knows a code, present or abolished: an ID number keeps the code of its issue for life."""
    return code in regions()


def is_out_of_province(code: str, province: str) -> bool:
    """Say whether a region lies outside a province given by its two digits; unknown counties are judged alike.

    Raises `MalformedRegionCode`.
    """
    if _CODE.fullmatch(code) is None or _PROVINCE.fullmatch(province) is None:
        raise MalformedRegionCode
    return code[:2] != province


def _region(row: Mapping[str, str]) -> Region:
    return Region(
        code=row["code"],
        name=row["name"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        certainty=row["certainty"],
        source=row["source"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
