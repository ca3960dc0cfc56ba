"""The two questions of a load balancer: does the process answer, and can it do its work."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """A question at a fixed address, for everybody."""

    path: str
    answer: Callable[[], bool]
