"""An approximate figure ("50余", "nearly 20 %") is printed only where it is true, and a printed one is held to it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Literal

from kernel.errors import KernelError
from kernel.rounding import Exact

#: The languages that figures are printed in.
Language = Literal["zh", "en"]


class UntrueWording(KernelError):
    """The word is not true of this figure; choose another base, or print the figure itself."""

    code = "untrue_wording"


class UnsayableBase(KernelError):
    """The word cannot stand with this base: bases are whole and above 0, of 以上 in tens, of 达 only 100."""

    code = "unsayable_base"


class NotAFigure(KernelError):
    """The phrase is no figure with at most one approximation word, used with the kind of number that the word takes."""

    code = "not_a_figure"


class Word(StrEnum):
    """The approximation words; the first three qualify counts and amounts, the others percentages."""

    #: Above the base, and below the next step of the base's last digit (these three).
    YU = "余"
    DUO = "多"
    CHAO = "超"
    #: The base, in tens, or less than ten points above it.
    YISHANG = "以上"
    #: Below the base by at most a twentieth of it.
    JIN = "近"
    #: The whole, 100 %, exactly.
    DA = "达"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The values of which a phrase is true, from `low` to `high`, each end included or not."""

    low: Fraction
    high: Fraction
    includes_low: bool
    includes_high: bool

    def __contains__(self, value: Exact) -> bool:
        exact = Fraction(value)
        above = exact >= self.low if self.includes_low else exact > self.low
        below = exact <= self.high if self.includes_high else exact < self.high
        return above and below


def bounds(word: Word, base: int) -> Bounds:
    """Give the values of which `word` with `base` is true: counts, yuan, or percent (60 is 60 %).

    Raises `UnsayableBase`.
    """
    if base <= 0:
        raise UnsayableBase
    return _USAGES[word].bounds(base)


def permits(word: Word, base: int, value: Exact) -> bool:
    """Say whether `word` with `base` is true of an unrounded value: YU with 60 is of 61 to 69. Raises like `bounds`."""
    return value in bounds(word, base)


def choose_base(word: Word, value: Exact, digits: int = 1) -> int | None:
    """Give the most telling base with which `word` is true of the value, or None: no base makes YU true of exactly 60.

    `digits` is how many leading digits of a count may be told: 16,342 is more than 10,000, with two digits 16,000.
    """
    candidates = _USAGES[word].candidates(Fraction(value), digits)
    return next((base for base in candidates if base > 0 and permits(word, base, value)), None)


def say(word: Word, base: int, value: Exact, language: Language) -> str:
    """Print the base with its word, such as "8万余" or "more than 80,000", without a unit.

    Raises `UntrueWording` if it is not true of the value, or like `bounds`.
    """
    if not permits(word, base, value):
        raise UntrueWording
    usage = _USAGES[word]
    before, after = usage.forms[language]
    return f"{before}{_figure(base, language, usage.is_percent)}{after}"


def read(phrase: str) -> Bounds:
    """Give the values of which a printed figure, without its unit, is true.

    With an approximation word, the bounds of that word. A bare whole count is exact; a bare percentage or a figure with
    decimals has been rounded half-up to its last printed place. Raises `NotAFigure`, or like `bounds`.
    """
    match = _PHRASE.fullmatch(phrase.strip())
    if match is None:
        raise NotAFigure
    is_percent = match["unit"].endswith("%")
    unit = 1 if is_percent else _UNIT_SIZES[match["unit"]]
    number = Fraction(match["number"].replace(",", "")) * unit
    form = (match["before"].strip(), match["after"].strip())
    if form != _BARE:
        return _worded_bounds(form, number, is_percent)
    decimals = match["decimals"] or ""
    if not (is_percent or decimals):
        return Bounds(number, number, includes_low=True, includes_high=True)
    half_a_place = Fraction(unit, 2 * 10 ** len(decimals))
    return Bounds(number - half_a_place, number + half_a_place, includes_low=True, includes_high=False)


def _worded_bounds(form: tuple[str, str], number: Fraction, is_percent: bool) -> Bounds:
    word = _WORDS.get(form)
    if word is None or _USAGES[word].is_percent != is_percent:
        raise NotAFigure
    if number.denominator != 1:
        raise UnsayableBase
    return bounds(word, int(number))


def _above(base: int) -> Bounds:
    last_place = 1
    while base % (last_place * 10) == 0:
        last_place *= 10
    return Bounds(Fraction(base), Fraction(base + last_place), includes_low=False, includes_high=False)


def _within_ten(base: int) -> Bounds:
    if base % 10:
        raise UnsayableBase
    return Bounds(Fraction(base), Fraction(base + 10), includes_low=True, includes_high=False)


def _just_under(base: int) -> Bounds:
    return Bounds(Fraction(95 * base, 100), Fraction(base), includes_low=True, includes_high=False)


def _all(base: int) -> Bounds:
    if base != 100:
        raise UnsayableBase
    return Bounds(Fraction(base), Fraction(base), includes_low=True, includes_high=True)


def _leading_digits(value: Fraction, digits: int) -> Iterable[int]:
    whole = floor(value)
    for kept in range(digits, 0, -1):
        place = 10 ** max(len(str(whole)) - kept, 0)
        yield whole // place * place


def _tens_below(value: Fraction, _digits: int) -> Iterable[int]:
    return (floor(value / 10) * 10,)


def _tens_above(value: Fraction, _digits: int) -> Iterable[int]:
    return (floor(value / 10) * 10 + 10,)


def _hundred(_value: Fraction, _digits: int) -> Iterable[int]:
    return (100,)


@dataclass(frozen=True, slots=True)
class _Usage:
    """How one word is used: when it is true, which bases to try, and what stands before and after the figure."""

    bounds: Callable[[int], Bounds]
    candidates: Callable[[Fraction, int], Iterable[int]]
    is_percent: bool
    forms: Mapping[Language, tuple[str, str]]


_USAGES: Mapping[Word, _Usage] = {
    Word.YU: _Usage(_above, _leading_digits, False, {"zh": ("", "余"), "en": ("more than ", "")}),
    Word.DUO: _Usage(_above, _leading_digits, False, {"zh": ("", "多"), "en": ("more than ", "")}),
    Word.CHAO: _Usage(_above, _leading_digits, False, {"zh": ("超", ""), "en": ("over ", "")}),
    Word.YISHANG: _Usage(_within_ten, _tens_below, True, {"zh": ("", "以上"), "en": ("at least ", "")}),
    Word.JIN: _Usage(_just_under, _tens_above, True, {"zh": ("近", ""), "en": ("nearly ", "")}),
    Word.DA: _Usage(_all, _hundred, True, {"zh": ("达", ""), "en": ("reaching ", "")}),
}

_BARE = ("", "")

#: Every word by what stands before and after its figure; words that share a form share their rule.
_WORDS = {
    (before.strip(), after.strip()): word for word, usage in _USAGES.items() for before, after in usage.forms.values()
}

_UNIT_SIZES = {"亿": 10**8, "万": 10**4, "": 1}

_PHRASE = re.compile(
    r"(?P<before>[^0-9]*)"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<decimals>[0-9]+))?)"
    r"(?P<unit>万|亿| ?%|)"
    r"(?P<after>[^0-9]*)"
)


def _figure(base: int, language: Language, is_percent: bool) -> str:
    if language == "en":
        return f"{base} %" if is_percent else f"{base:,}"
    if is_percent:
        return f"{base}%"
    unit, size = next((unit, size) for unit, size in _UNIT_SIZES.items() if base >= size)
    return f"{Decimal(base) / size:f}{unit}"
