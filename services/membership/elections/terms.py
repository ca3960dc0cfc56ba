"""Days that follow from an election: the end of its term, its extension, and by when others must act."""

from collections.abc import Iterator, Mapping
from datetime import date

from kernel.calendar import Calendar, Due, corresponding_day
from kernel.law import Finding, Law, Override, Refusal, decide


def term_end(elected_on: date, years: int) -> date:
    """The last day of a term, which runs from the day of the election and not from its approval (R-ELE-13)."""
    return corresponding_day(elected_on, 12 * years)


def answer_due(region_code: str, submitted_on: date) -> Due:
    """By when the superior answers on a result (R-ELE-13)."""
    return _due("R-ELE-13.answer", region_code, submitted_on)


def vacancy_due(region_code: str, since: date) -> Due:
    """By when the post of a chair or vice-chair is filled again (R-ELE-16)."""
    return _due("R-ELE-16.vacancy", region_code, since)


def training_due(region_code: str, elected_on: date) -> Due:
    """By when a new chair or vice-chair has taken the post training (R-ELE-18)."""
    return _due("R-ELE-18.period", region_code, elected_on)


def may_extend(
    region_code: str, on: date, ends_on: date, extended_to: date, overrides: Mapping[str, Override]
) -> Iterator[Finding | None]:
    """A term is extended beyond its end by half a year at most (R-ELE-16), counted from that end."""
    if extended_to <= ends_on:
        yield Refusal("extension_not_longer", "extended_to", params={"end": ends_on.isoformat()})
    rule = Law.load().rule("R-ELE-16", jurisdiction=region_code, on=on)
    latest = corresponding_day(ends_on, int(rule.number))
    yield decide(
        rule,
        extended_to <= latest,
        code="extended_too_long",
        field="extended_to",
        override=overrides.get(rule.code),
        params={"latest": latest.isoformat()},
    )


def _due(rule_code: str, region_code: str, since: date) -> Due:
    return Law.load().rule(rule_code, jurisdiction=region_code, on=since).due(since, Calendar.load())
