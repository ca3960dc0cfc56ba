"""What a benchmark returns: samples, and the four kinds of claim that they support."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

#: How often each side is measured. Odd, so that the median is a run that happened.
RUNS = 3


@dataclass(frozen=True)
class Sample:
    """One run: a rate per second and, where clients waited, what half and 99 of 100 of them waited at most."""

    rate: float
    p50_ms: float | None = None
    p99_ms: float | None = None


@dataclass(frozen=True)
class Floor:
    """A claim that the median rate is at least `at_least` per second."""

    claim: str
    unit: str
    samples: Sequence[Sample]
    at_least: float

    @property
    def rate(self) -> float:
        return median(sample.rate for sample in self.samples)

    @property
    def holds(self) -> bool:
        return self.rate >= self.at_least


@dataclass(frozen=True)
class Comparison:
    """A claim that we are at least `at_least` times as fast as the peer, judged by the median of the pairs' ratios."""

    claim: str
    unit: str
    peer: Sequence[Sample]
    ours: Sequence[Sample]
    at_least: float

    @property
    def ratios(self) -> list[float]:
        return [ours.rate / peer.rate for peer, ours in zip(self.peer, self.ours, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def holds(self) -> bool:
        return self.ratio >= self.at_least


@dataclass(frozen=True)
class Tail:
    """A claim that 99 of 100 clients wait at most `at_most` times as long as with the peer, by the median of ratios."""

    claim: str
    peer: Sequence[Sample]
    ours: Sequence[Sample]
    at_most: float

    @property
    def ratios(self) -> list[float]:
        return [(ours.p99_ms or 0) / (peer.p99_ms or 1) for peer, ours in zip(self.peer, self.ours, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def holds(self) -> bool:
        return self.ratio <= self.at_most


@dataclass(frozen=True)
class Ceiling:
    """A claim that something is never more than `at_most`."""

    claim: str
    unit: str
    values: Sequence[float]
    at_most: float

    @property
    def most(self) -> float:
        return max(self.values)

    @property
    def holds(self) -> bool:
        return self.most <= self.at_most


Result = Floor | Comparison | Tail | Ceiling


def repeat(measure: Callable[[], Sample]) -> list[Sample]:
    """Measure `RUNS` times."""
    return [measure() for _ in range(RUNS)]


def alternate(peer: Callable[[], Sample], ours: Callable[[], Sample]) -> tuple[list[Sample], list[Sample]]:
    """Measure peer and ours in turn, `RUNS` times each, so that a slow minute of the machine falls on both."""
    pairs = [(peer(), ours()) for _ in range(RUNS)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
