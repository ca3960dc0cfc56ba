"""The words of plans: courses of steps, whose fields may name what earlier steps were told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.declare import Request
from contracts.roles import Role

#: The year of all that happens, and its last day: the business day on which it is recorded and reported.
YEAR = 2023
LAST_DAY = date(YEAR, 12, 31)

Fields = Mapping[str, Any]
#: Gives what the step of a name was told.
Find = Callable[[str], Fields]


@dataclass(frozen=True, slots=True)
class Of:
    """Stands for a field of what another step of the round was told."""

    step: str
    field: str = "id"


@dataclass(frozen=True, slots=True)
class Own:
    """Stands for what no two rounds may share; made from the number of the round."""

    make: Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One command, and the account that gives it."""

    request: type[Request]
    account: Role
    fields: Fields = field(default_factory=dict)
    #: By which other steps name what this one is told.
    name: str = ""
    #: Steps that must be over before, beside those that the fields name.
    after: Sequence[str] = ()
    #: What the reply must say, in each round the same.
    expects: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pick(Step):
    """A list query, of whose items the one with these values is meant."""

    having: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome(Step):
    """The query for a job, to be repeated until the job has ended."""


@dataclass(frozen=True, slots=True)
class Course:
    """Steps one after the other. They name steps of their own course and of those before it in the plan only."""

    name: str
    steps: Sequence[Step]


def filled(value: Any, number: int, find: Find) -> Any:
    """A value of a step's fields with nothing left that stands for something else."""
    match value:
        case Of():
            return find(value.step)[value.field]
        case Own():
            return value.make(number)
        case Mapping():
            return {name: filled(inner, number, find) for name, inner in value.items()}
        case list() | tuple():
            return [filled(inner, number, find) for inner in value]
        case _:
            return value


def day(month: int, number: int) -> str:
    """A day of the year."""
    return date(YEAR, month, number).isoformat()
