"""Gives every code its words, so that no other file holds a text for people and both languages stay complete."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

Language = Literal["zh", "en"]

#: The languages of the product; the first is the one for people who ask for none.
LANGUAGES: tuple[Language, ...] = get_args(Language)
#: HTTP status of a code that names one bad field.
_FIELD_STATUS = 422


@dataclass(frozen=True, slots=True)
class Entry:
    """One code, its HTTP status and its words in each language."""

    code: str
    status: int
    zh: str
    en: str

    def text(self, language: Language, **params: object) -> str:
        """The words in one language; a placeholder that nobody filled in reads `…`, for an error must not fail."""
        template = self.zh if language == "zh" else self.en
        return template.format_map(_Params(params))


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


@cache
def entries() -> Mapping[str, Entry]:
    """Every entry by code."""
    table = tomllib.loads(files("contracts").joinpath("catalogue.toml").read_text("utf-8"))
    return MappingProxyType({code: _entry(code, row) for code, row in table.items()})


def entry(code: str) -> Entry:
    """The entry of a code; a `KeyError` means that `catalogue.toml` lacks what the code raises."""
    return entries()[code]


def text(code: str, language: Language, **params: object) -> str:
    """The words for a code in one language."""
    return entry(code).text(language, **params)


def _entry(code: str, row: Mapping[str, object]) -> Entry:
    return Entry(code, int(str(row.get("status", _FIELD_STATUS))), str(row["zh"]), str(row["en"]))
