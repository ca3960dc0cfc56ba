"""Makes a figure of a count: its exact value, the sentence that it makes true, and what may not be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.sentences import Amount, Template, of_kpi, words
from kernel.money import to_yuan
from kernel.rounding import Exact, exact_percent, half_up
from services.reporting.figures.evidence import Asked, Count
from services.reporting.figures.kpis import Measure

#: Decimals of a share.
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """What was asked and what was counted."""

    asked: Asked
    count: Count

    @property
    def exact(self) -> Exact | None:
        """The value unrounded: a count, yuan, or percent; None for a share of nothing."""
        numerator, denominator = self.count.numerator, self.count.denominator
        if denominator is not None:
            return exact_percent(numerator, denominator) if denominator else None
        return to_yuan(numerator) if self.asked.kpi.measure is Measure.FEN else numerator

    @property
    def value(self) -> str | None:
        """The value as it is printed exactly: "20", "94.87", yuan without decimals where there are none."""
        exact = self.exact
        if exact is None or isinstance(exact, int):
            return None if exact is None else str(exact)
        if isinstance(exact, Decimal):
            return f"{exact:f}".removesuffix(".00")
        return f"{half_up(exact, _DECIMALS):f}"

    @property
    def not_printed_because(self) -> str | None:
        """Why no sentence may tell the figure, by the names of `sentences.toml`; None if one may."""
        numerator = self.count.numerator
        if self.count.denominator == 0:
            return "no_denominator"
        if not numerator:
            return "nothing_counted"
        return "too_few_persons" if numerator < self.asked.kpi.suppress_below else None

    @property
    def is_withheld(self) -> bool:
        """Whether not even its number may be told."""
        return self.not_printed_because == "too_few_persons"

    def own_sentence(self) -> dict[str, Any]:
        """The sentence that tells this figure alone, or why there is none."""
        kpi = self.asked.kpi
        return sentence(of_kpi(kpi.code, kpi.version), [self])

    def view(self) -> dict[str, Any]:
        """The figure for those who may read it, whoever may be recognised."""
        kpi, period = self.asked.kpi, self.asked.period
        return {
            "code": kpi.code,
            "version": kpi.version,
            "org": self.asked.org,
            "period_from": period.first,
            "period_to": period.last,
            "numerator": self.count.numerator,
            "denominator": self.count.denominator,
            "value": self.value,
            "unit": kpi.unit,
            "sentence": self.own_sentence(),
            "set_hash": self.count.set_hash,
        }


def sentence(template: Template, figures: Sequence[Figure]) -> dict[str, Any]:
    """The sentence that the figures of a template make true, or why there is none."""
    for figure in figures:
        if reason := figure.not_printed_because:
            return {"text": None, "not_printed_because": words("not_printed", reason)}
    amounts = {figure.asked.kpi.code: _amount(figure) for figure in figures}
    return {"text": template.filled(amounts, figures[0].asked.as_of), "not_printed_because": None}


def _amount(figure: Figure) -> Amount:
    assert figure.exact is not None
    assert figure.value is not None
    return Amount(figure.asked.kpi.unit, figure.exact, figure.value)
