"""Gives every figure its words in both languages, so that no sentence of a report stands in code."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.catalogue import LANGUAGES, Language

#: A text in each language of the product.
Words = dict[Language, str]


def words(*path: str) -> Words:
    """The words at a path of `sentences.toml`; raises KeyError if it lacks them."""
    place: Mapping[str, Any] = _texts()
    for name in path:
        place = place[name]
    return {language: place[language] for language in LANGUAGES}


def figure(unit: str, n: int) -> Words:
    """A bare figure with the word of its unit."""
    return _filled(words("unit", unit, "one" if n == 1 else "many"), {"n": dict.fromkeys(LANGUAGES, str(n))})


def day(on: date) -> Words:
    """A date as people write it: 2023年9月30日, 30 September 2023."""
    parts = {"year": on.year, "month": on.month, "day": on.day}
    month_name = _texts()["date"]["month_names"][on.month - 1]
    return {language: text.format(**parts, month_name=month_name) for language, text in words("date").items()}


def sentence(code: str, version: int, counted: Words, as_of: date) -> Words:
    """The sentence that a figure makes true on the date of a report."""
    return _filled(words(code, f"v{version}", "sentence"), {"figure": counted, "as_of": day(as_of)})


def _filled(template: Words, params: Mapping[str, Words]) -> Words:
    return {
        language: template[language].format_map({name: text[language] for name, text in params.items()})
        for language in LANGUAGES
    }


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("contracts").joinpath("sentences.toml").read_text("utf-8"))
