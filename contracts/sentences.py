"""Gives every figure its words in both languages, so that no sentence of a report stands in code."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.catalogue import LANGUAGES, Language
from kernel.rounding import Exact
from kernel.wording import Word, choose_base, say

#: A text in each language of the product.
Words = dict[Language, str]
#: Tells a figure exactly.
BARE = "bare"
#: Tells yuan in Chinese in units of ten thousand with one decimal, which what is left over follows as 多.
_WAN_YUAN = "万元"
#: Yuan in that unit, and in its one decimal.
_WAN, _TENTH = 10_000, 1_000


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure on its way into a sentence."""

    #: Code of the unit; its words stand in `sentences.toml`.
    unit: str
    #: Unrounded: a count, yuan, or percent.
    exact: Exact
    #: As it is told without a word, such as "94.87".
    value: str


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence before its figures are filled in."""

    code: str
    #: How each figure is told, by the code of its KPI.
    figures: Mapping[str, str]
    words: Words

    def filled(self, amounts: Mapping[str, Amount], as_of: date) -> Words:
        """The sentence that the figures make true on the date of a report."""
        figures = {code: told(amounts[code], rule) for code, rule in self.figures.items()}
        return fill(self.words, {**figures, "as_of": day(as_of)})


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a report: the codes of its sentences, in order."""

    code: str
    title: Words
    sentences: Sequence[str]


def words(*path: str) -> Words:
    """The words at a path of `sentences.toml`; raises KeyError if it lacks them."""
    place = _at(*path)
    return {language: place[language] for language in LANGUAGES}


def of_kpi(code: str, version: int) -> Template:
    """The sentence that tells a KPI alone."""
    return _template(code, code, f"v{version}", "sentence")


def of_report(code: str) -> Template:
    """A sentence of several KPIs."""
    return _template(code, "sentence", code)


def chapters() -> Iterator[Chapter]:
    """The chapters of a report, in order."""
    for each in _texts()["chapter"]:
        yield Chapter(each["code"], dict(each["title"]), each["sentences"])


def told(amount: Amount, rule: str) -> Words:
    """A figure with the word of its unit, told by a rule of `sentences.toml`; exactly, where the rule is not true."""
    approximate = None if rule == BARE else _approximate(amount, rule)
    is_one = approximate is None and amount.exact == 1
    return fill(words("unit", amount.unit, "one" if is_one else "many"), {"n": approximate or _bare(amount)})


def day(on: date) -> Words:
    """A date as people write it: 2023年9月30日, 30 September 2023."""
    parts = {"year": on.year, "month": on.month, "day": on.day}
    month_name = _texts()["date"]["month_names"][on.month - 1]
    return {language: text.format(**parts, month_name=month_name) for language, text in words("date").items()}


def fill(template: Words, params: Mapping[str, Words]) -> Words:
    """Put words into the braces of a template, language by language."""
    return {
        language: template[language].format_map({name: text[language] for name, text in params.items()})
        for language in LANGUAGES
    }


def _approximate(amount: Amount, rule: str) -> Words | None:
    """The figure as the rule tells it, or None: the word is true of none of its bases, or the amount is too small."""
    if rule == _WAN_YUAN:
        return {**_bare(amount), "zh": _in_wan(amount.exact)} if amount.exact >= _WAN else None
    name, _, digits = rule.partition(" ")
    word = Word(name)
    base = choose_base(word, amount.exact, int(digits or 1))
    return None if base is None else {language: say(word, base, amount.exact, language) for language in LANGUAGES}


def _in_wan(yuan: Exact) -> str:
    tenths = int(yuan // _TENTH)
    if yuan > tenths * _TENTH:
        return say(Word.DUO, tenths * _TENTH, yuan, "zh")
    return f"{Decimal(tenths) * _TENTH / _WAN:f}万"


def _bare(amount: Amount) -> Words:
    if amount.unit == "percent":
        return {"zh": f"{amount.value}%", "en": f"{amount.value} %"}
    return {"zh": amount.value, "en": f"{Decimal(amount.value):,}"}


def _template(code: str, *path: str) -> Template:
    return Template(code, _at(*path)["figures"], words(*path))


def _at(*path: str) -> Mapping[str, Any]:
    place: Mapping[str, Any] = _texts()
    for name in path:
        place = place[name]
    return place


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("contracts").joinpath("sentences.toml").read_text("utf-8"))
