"""A table that can never do what it says is found when it is imported, not when somebody needs it."""

import re
from collections import Counter
from collections.abc import Sequence
from inspect import isfunction
from typing import Any

from kernel.states.errors import MachineError
from kernel.states.transition import NEW, Transition

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check(name: str, initial: str, rows: Sequence[Transition[Any]]) -> None:
    """Raise `MachineError` for a bad name or guard, a duplicate or shadowed row, an unreachable state."""
    if not rows:
        raise MachineError(f"{name}: the table is empty")
    if complaints := [*_names(name, initial, rows), *_guards(rows), *_twins(rows), *_unreachable(initial, rows)]:
        raise MachineError(f"{name}: {'; '.join(complaints)}")


def _names(name: str, initial: str, rows: Sequence[Transition[Any]]) -> list[str]:
    given = [name, initial, *(part for row in rows for part in (row.source, row.command, row.target))]
    bad = [f"{part!r} is no name of lower-case letters, digits and _" for part in given if not _NAME.fullmatch(part)]
    return bad + [f"{row.command} leads back to {NEW}" for row in rows if row.target == NEW]


def _guards(rows: Sequence[Transition[Any]]) -> list[str]:
    return [
        f"{row.command} in {row.source} has the unknown guard {row.guard!r}; give a named function"
        for row in rows
        if row.guard is not None and not (isfunction(row.guard) and row.guard.__name__ != "<lambda>")
    ]


def _twins(rows: Sequence[Transition[Any]]) -> list[str]:
    ways = Counter((row.command, row.source, row.target) for row in rows)
    twice = ["{} leads twice from {} to {}".format(*way) for way, count in ways.items() if count > 1]
    shadowed = [
        f"{row.command} in {row.source} can never lead to {row.target}: an earlier row without a guard is always taken"
        for place, row in enumerate(rows)
        if any((e.source, e.command, e.guard) == (row.source, row.command, None) for e in rows[:place])
    ]
    return twice + shadowed


def _unreachable(initial: str, rows: Sequence[Transition[Any]]) -> list[str]:
    reached: set[str] = set()
    found = {initial}
    while found:
        reached |= found
        found = {row.target for row in rows if row.source in reached} - reached
    mentioned = dict.fromkeys(state for row in rows for state in (row.source, row.target))
    return [f"{state} cannot be reached from {initial}" for state in mentioned if state not in reached]
