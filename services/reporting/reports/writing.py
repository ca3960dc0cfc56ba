"""Writes the chapters of a report from the figures of one moment."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis.work import Reading
from contracts.reporting.reports import ReportChapter
from contracts.sentences import Template, chapters, of_kpi, of_report, words
from services.reporting.figures import evidence
from services.reporting.figures.definitions import KPIS
from services.reporting.figures.printing import Figure, sentence

_CHAPTER = ReportChapter()
#: What may not be told where a figure is withheld.
_NUMBERS = ("numerator", "denominator", "value", "set_hash")


def written(reading: Reading, org: UUID, as_of: date) -> list[dict[str, Any]]:
    """The chapters as JSON values; all figures are of the same moment."""
    asked = [evidence.Asked(kpi, org, as_of) for kpi in KPIS.values()]
    counted = evidence.counts(reading, asked)
    figures = {each.kpi.code: Figure(each, count) for each, count in zip(asked, counted, strict=True)}
    return [
        _CHAPTER.dump(
            {
                "code": chapter.code,
                "title": chapter.title,
                "sentences": [each for code in chapter.sentences for each in _sentences(figures, code)],
            }
        )
        for chapter in chapters()
    ]


def _sentences(figures: Mapping[str, Figure], code: str) -> Iterator[dict[str, Any]]:
    """The sentence of a code; where one of its figures cannot be told, the sentences of its KPIs instead."""
    if code in figures:
        yield _sentence(figures, of_kpi(code, figures[code].asked.kpi.version))
        return
    together = _sentence(figures, of_report(code))
    if together["text"] is not None:
        yield together
        return
    for figure in together["figures"]:
        yield from _sentences(figures, figure["code"])


def _sentence(figures: Mapping[str, Figure], template: Template) -> dict[str, Any]:
    told = [figures[code] for code in template.figures]
    return {"code": template.code, **sentence(template, told), "figures": [_figure(each) for each in told]}


def _figure(figure: Figure) -> dict[str, Any]:
    asked = figure.asked
    return {
        **figure.view(),
        **(dict.fromkeys(_NUMBERS) if figure.is_withheld else {}),
        "title": words(asked.kpi.code, f"v{asked.kpi.version}", "title"),
        "withheld": figure.is_withheld,
        "explain": f"/v1/kpis/{asked.kpi.code}/explain?org={asked.org}&as_of={asked.as_of}",
    }
