"""What a KPI is: which facts it counts, in which days and unit; its words stand in `contracts/sentences.toml`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.reporting.figures import PeriodKind, Unit
from contracts.sentences import words
from services.reporting.figures.parts import Part
from services.reporting.figures.scope import Period


class Measure(Enum):
    """What is added up over the facts that count."""

    FACTS = auto()
    PERSONS = auto()
    FEN = auto()


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI in one version."""

    code: str
    version: int
    unit: Unit
    period_kind: PeriodKind
    parts: tuple[Part, ...]
    measure: Measure = Measure.FACTS
    #: Fewer persons than these are not printed: who they are could be guessed.
    suppress_below: int = 0

    @property
    def is_share(self) -> bool:
        """Whether the figure has a denominator."""
        return any(part.denominator_only is not None for part in self.parts)

    def period(self, as_of: date) -> Period:
        """The days that the KPI looks at on the date of a report."""
        new_year = as_of.replace(month=1, day=1)
        match self.period_kind:
            case PeriodKind.YEAR_TO_DATE:
                return Period(new_year, as_of)
            case PeriodKind.FIRST_HALF:
                return Period(new_year, min(as_of, as_of.replace(month=6, day=30)))
            case PeriodKind.AS_OF | PeriodKind.SINCE_FOUNDING:
                return Period(None, as_of)

    def view(self) -> dict[str, Any]:
        """The definition as people read it."""
        named = f"v{self.version}"
        return {
            "code": self.code,
            "version": self.version,
            "title": words(self.code, named, "title"),
            "unit": self.unit,
            "period_kind": self.period_kind,
            "definition": words(self.code, named, "definition"),
            "sources": _sources()[self.code],
        }


@cache
def _sources() -> Mapping[str, list[str]]:
    """The events that each KPI is counted from."""
    found: dict[str, list[str]] = {}
    table = files("contracts").joinpath("kpi_sources.csv").read_text("utf-8")
    for row in csv.DictReader(table.splitlines()):
        found.setdefault(row["kpi"], []).append(row["event"])
    return found
