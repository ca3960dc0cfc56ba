"""Gives every figure its words in both languages, so that no sentence of a report stands in code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.catalogue import LANGUAGES, Language

#: A text in each language of the product.
Words = Mapping[Language, str]


def words(*path: str, **params: object) -> dict[Language, str]:
    """The words at a path of `sentences.toml`, filled in; raises KeyError for a path or a placeholder left empty."""
    place = _texts()
    for name in path:
        place = place[name]
    return {language: place[language].format_map(params) for language in LANGUAGES}


def figure(unit: str, n: int) -> Words:
    """A bare figure with the word of its unit."""
    return words("unit", unit, "one" if n == 1 else "many", n=n)


def sentence(code: str, version: int, n: int, unit: str, **params: object) -> dict[Language, str]:
    """The sentence that a figure makes true."""
    counted = figure(unit, n)
    return {
        language: words(code, f"v{version}", "sentence", figure=counted[language], **params)[language]
        for language in LANGUAGES
    }


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("contracts").joinpath("sentences.toml").read_text("utf-8"))
