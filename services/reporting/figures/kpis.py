"""The KPIs as data; a changed definition is a new version beside the old one, so that a past report keeps its own."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from contracts.events.activities import ActivityKind
from contracts.reporting.figures import PeriodKind, Unit
from contracts.sentences import figure, sentence, words


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Kpi:
    """A count of closed activities of some kinds; its words stand in `contracts/sentences.toml`."""

    code: str
    version: int
    unit: Unit
    period_kind: PeriodKind
    kinds: tuple[ActivityKind, ...]

    def period(self, as_of: date) -> Period:
        """The days that the KPI looks at on the date of a report."""
        return Period(as_of.replace(month=1, day=1), as_of)

    def sentence(self, numerator: int, as_of: date) -> dict[str, Any]:
        """The sentence that the figure makes true, or why there is none."""
        if not numerator:
            return {"text": None, "not_printed_because": words("not_printed", "nothing_counted")}
        text = sentence(self.code, self.version, figure(self.unit, numerator), as_of)
        return {"text": text, "not_printed_because": None}

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


_CURRENT = (Kpi("K01", 1, Unit.ACTIVITIES, PeriodKind.YEAR_TO_DATE, (ActivityKind.STUDY,)),)

#: The current version of each KPI by code.
KPIS: Mapping[str, Kpi] = MappingProxyType({kpi.code: kpi for kpi in _CURRENT})


@cache
def _sources() -> Mapping[str, list[str]]:
    """The events that each KPI is counted from."""
    found: dict[str, list[str]] = {}
    table = files("contracts").joinpath("kpi_sources.csv").read_text("utf-8")
    for row in csv.DictReader(table.splitlines()):
        found.setdefault(row["kpi"], []).append(row["event"])
    return found
