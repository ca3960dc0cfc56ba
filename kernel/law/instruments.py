"""One file per instrument (law, regulation, charter) keeps a rule beside its neighbours in the text; this reads it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from typing import Any

from kernel.calendar import Unit
from kernel.law.rules import NATION, Band, Certainty, Kind, Rule, Value, jurisdictions

_INSTRUMENT = {"title", "source", "jurisdiction", "effective_from"}
_INSTRUMENT_OPTIONAL = {"effective_to", "special", "note"}
_RULE = {"code", "concept", "kind", "value", "unit", "article", "certainty", "summary"}
_RULE_OPTIONAL = {"floor", "effective_from", "effective_to"}


class InstrumentError(ValueError):
    """The rule file cannot be used; correct it before the program starts."""


def shipped() -> Iterator[Rule]:
    """Yield the rules of all files shipped with the program."""
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield from read(entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8")))


def read(instrument: str, data: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Build the rules of one parsed file; raise `InstrumentError` if a field is missing, unknown or makes no sense."""
    head = {key: value for key, value in data.items() if key != "rule"}
    _check_fields(instrument, head, _INSTRUMENT, _INSTRUMENT_OPTIONAL)
    return tuple(_rule(instrument, head, row) for row in data["rule"])


def _rule(instrument: str, head: Mapping[str, Any], row: Mapping[str, Any]) -> Rule:
    _check_fields(instrument, row, _RULE, _RULE_OPTIONAL)
    shared = {key: value for key, value in head.items() if key != "note"}
    try:
        kind = Kind(row["kind"])
        typed = {"kind": kind, "value": _value(kind, row), "certainty": Certainty(row["certainty"])}
        rule = Rule(**(shared | dict(row) | typed), instrument=instrument)
        level = jurisdictions(rule.jurisdiction)[0]
    except (TypeError, ValueError) as problem:
        raise InstrumentError(f"{instrument}, {row['code']}: {problem}") from problem
    if level != rule.jurisdiction:
        raise InstrumentError(f"{instrument}: write its jurisdiction as {level}")
    if rule.floor and (rule.jurisdiction != NATION or kind is Kind.BANDS):
        raise InstrumentError(f"{instrument}, {rule.code}: only the nation sets a floor, and none by a table")
    return rule


def _value(kind: Kind, row: Mapping[str, Any]) -> Value:
    value = row["value"]
    match kind, value:
        case Kind.REQUIREMENT, True:
            return True
        case Kind.ONE_OF, [_, *_]:
            return tuple(value)
        case Kind.BANDS, [_, *_]:
            return _bands(value)
        case ((Kind.REQUIREMENT | Kind.ONE_OF | Kind.BANDS), _):
            raise ValueError(f"{value!r} is no value of a {kind}")
        case Kind.DEADLINE, _:
            Unit(row["unit"])
        case Kind.LEAD_TIME, _ if row["unit"] != Unit.WORKING_DAYS:
            raise ValueError(f"{row['unit']!r} are not counted backwards")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{value!r} is no number")
    return Fraction(value) if isinstance(value, str) else value


def _bands(rows: Sequence[Mapping[str, Any]]) -> tuple[Band, ...]:
    bands = tuple(Band(**row) for row in rows)
    if any(one.begins >= other.begins for one, other in pairwise(bands)):
        raise ValueError("the bands do not rise")
    return bands


def _check_fields(instrument: str, found: Mapping[str, Any], needed: set[str], optional: set[str]) -> None:
    if missing := needed - found.keys():
        raise InstrumentError(f"{instrument} lacks {sorted(missing)}")
    if unknown := found.keys() - needed - optional:
        raise InstrumentError(f"{instrument} has unknown fields {sorted(unknown)}")
