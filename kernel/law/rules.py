"""A rule of law is a value with its source and its reach; what it means for a figure or a date is decided here only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from operator import ge, gt, le
from types import MappingProxyType

from kernel.calendar import Calendar, Due, Unit

#: Jurisdiction of the whole country; a province has 2 digits, a city 4, a county 6 (GB/T 2260).
NATION = "CN"
#: Stands for the article of a rule whose place in its instrument is not known, or that has none.
UNKNOWN_ARTICLE = "–"


@dataclass(frozen=True, slots=True)
class Band:
    """For a size from `begins` up to the next band: at least `least`, at most `most`."""

    begins: int
    least: int
    most: int

    def __post_init__(self) -> None:
        if not (self.begins >= 0 and 0 <= self.least <= self.most):
            raise ValueError(f"{self} has no room")


Value = bool | int | Fraction | tuple[int | str, ...] | tuple[Band, ...]


class Certainty(StrEnum):
    """How well the text of a rule is known."""

    V = "V"  # the instrument itself was read
    V2 = "V2"  # read in a secondary source
    MH = "MH"  # from memory, high confidence
    MM = "MM"  # from memory, medium
    ML = "ML"  # from memory, low
    D = "D"  # proposed by this project, no outside authority


class Kind(StrEnum):
    """What a rule demands of the figure, choice or day it is asked about."""

    MINIMUM = "minimum"  # at least the value
    MORE_THAN = "more_than"  # above the value
    MAXIMUM = "maximum"  # at most the value
    THRESHOLD = "threshold"  # the duty or right begins at the value
    DEADLINE = "deadline"  # done within the period
    LEAD_TIME = "lead_time"  # done at least the period before
    BANDS = "bands"  # between the bounds that a table gives for the size
    ONE_OF = "one_of"  # one of the listed choices
    REQUIREMENT = "requirement"  # done or given, yes or no


_COMPARISONS: Mapping[Kind, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {Kind.MINIMUM: ge, Kind.THRESHOLD: ge, Kind.MORE_THAN: gt, Kind.MAXIMUM: le}
)
_LOOSER_WHEN_SMALLER = frozenset({Kind.MINIMUM, Kind.MORE_THAN, Kind.LEAD_TIME})
#: What to ask of a rule that nothing is simply held against.
_QUESTIONS: Mapping[Kind, str] = MappingProxyType(
    {Kind.DEADLINE: "when it is due", Kind.LEAD_TIME: "by which day", Kind.BANDS: "for the band of a size"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one instrument.

    `code` names it to people (R-CON-01), `concept` what it decides (consultation.reply_deadline): several instruments
    decide the same concept. `floor` marks a national minimum that no local rule may undercut; `special` an instrument
    made for the subject, which goes before a general one. `effective_to` is the first day it no longer holds.
    """

    code: str
    concept: str
    kind: Kind
    value: Value
    unit: str
    article: str
    certainty: Certainty
    summary: str
    instrument: str
    title: str
    source: str
    jurisdiction: str
    effective_from: date
    effective_to: date | None = None
    floor: bool = False
    special: bool = False

    @property
    def citation(self) -> str:
        """The instrument and article as people cite them, for example `工会法 art 11`, or the instrument only."""
        return self.title if self.article == UNKNOWN_ARTICLE else f"{self.title} art {self.article}"

    @property
    def number(self) -> Fraction:
        """The figure, for what people are told and what is counted from it; raise `TypeError` if it is none."""
        return _number(self.value)

    @property
    def choices(self) -> tuple[int | str, ...]:
        """What may be chosen; raise `TypeError` for another kind of rule."""
        if not isinstance(self.value, tuple) or self.kind is not Kind.ONE_OF:
            raise TypeError(f"{self.code} lists no choices")
        return tuple(choice for choice in self.value if not isinstance(choice, Band))

    def in_force(self, on: date) -> bool:
        """Tell whether the rule holds on a day."""
        return self.effective_from <= on and (self.effective_to is None or on < self.effective_to)

    def holds(self, given: Value | str) -> bool:
        """Tell whether a figure, a choice or a yes/no satisfies the rule (of a threshold: whether it is reached).

        Raise `TypeError` for a period, asked by `due` or `latest`, for a table, asked by `band`, and for what cannot be
        compared with the value.
        """
        match self.kind:
            case Kind.DEADLINE | Kind.LEAD_TIME | Kind.BANDS:
                raise TypeError(f"{self.code} is of the kind {self.kind}: ask {_QUESTIONS[self.kind]}")
            case Kind.REQUIREMENT:
                return given is self.value
            case Kind.ONE_OF:
                return given in self.choices
            case kind:
                return _COMPARISONS[kind](_number(given), self.number)

    def due(self, start: date, calendar: Calendar) -> Due:
        """Return the last day of this deadline for an event on `start`; raise `TypeError` for another kind of rule."""
        if self.kind is not Kind.DEADLINE:
            raise TypeError(f"{self.code} is no deadline but a {self.kind}")
        return calendar.due(start, int(self.number), Unit(self.unit))

    def latest(self, event: date, calendar: Calendar) -> Due:
        """Return the last day to do what must be done this long before `event`; raise `TypeError` for another kind."""
        if self.kind is not Kind.LEAD_TIME:
            raise TypeError(f"{self.code} is no lead time but a {self.kind}")
        return calendar.working_days_before(event, int(self.number))

    def band(self, size: int) -> Band | None:
        """Return the band that a size lies in, None below the first; raise `TypeError` for another kind of rule."""
        if self.kind is not Kind.BANDS:
            raise TypeError(f"{self.code} is no table of bands but a {self.kind}")
        assert isinstance(self.value, tuple)
        reached = [band for band in self.value if isinstance(band, Band) and band.begins <= size]
        return reached[-1] if reached else None

    def is_looser_than(self, floor: "Rule") -> bool:
        """Tell whether this rule allows what the floor (same concept, kind and unit) forbids."""
        match self.kind:
            case Kind.REQUIREMENT:
                return self.value is not floor.value
            case Kind.ONE_OF:
                return not set(self.choices) <= set(floor.choices)
            case kind if kind in _LOOSER_WHEN_SMALLER:
                return self.number < floor.number
            case _:
                return self.number > floor.number


def jurisdictions(region: str) -> tuple[str, ...]:
    """Return the jurisdictions that reach a region, most specific first: 330110 -> 330110, 3301, 33, CN."""
    if region == NATION:
        return (NATION,)
    if not (region.isascii() and region.isdigit() and len(region) in {2, 4, 6}):
        raise ValueError(f"{region!r} is no jurisdiction: give 2, 4 or 6 digits, or {NATION}")
    levels = [region[:length] for length in (6, 4, 2) if length <= len(region)]
    return (*(level for level in levels if level == region[:2] or not level.endswith("00")), NATION)


def _number(given: object) -> Fraction:
    if isinstance(given, bool) or not isinstance(given, int | Fraction):
        raise TypeError(f"{given!r} is no number")
    return Fraction(given)
