"""One row of a state machine's table."""

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Generic, TypeAlias, TypeVar

from kernel.law import Finding, Refusal

Facts = TypeVar("Facts")

#: A named pure function over the facts of the case. It gives a refusal or None, or all that it finds: a refusal among
#: the findings stops the command, cautions and what was overridden go with it as notes, and None is no finding.
Guard: TypeAlias = Callable[[Facts], Refusal | Iterable[Finding | None] | None]
#: One name, several (two events of one command), or none.
Names: TypeAlias = str | tuple[str, ...] | None

#: The source of rows by which a thing comes into being: it has no state yet.
NEW = "new"


@dataclass(frozen=True, slots=True)
class Transition(Generic[Facts]):
    """In `source`, `command` leads to `target` if `guard` lets it, is told as `event` and starts `clock`.

    `event` and `clock` are names only; publishing and keeping due dates is the service's work.
    """

    source: str
    command: str
    target: str
    guard: Guard[Facts] | None = None
    event: Names = None
    clock: Names = None

    @property
    def events(self) -> tuple[str, ...]:
        """The events to publish, in order."""
        return _names(self.event)

    @property
    def clocks(self) -> tuple[str, ...]:
        """The clocks that start to run."""
        return _names(self.clock)


@dataclass(frozen=True, slots=True)
class Taken(Transition[Facts]):
    """The row of the table that a command took, with what was found on the way."""

    _: KW_ONLY
    #: What the guard told without refusing: cautions, and breaches that the higher union let pass; to be stored.
    notes: tuple[Finding, ...] = ()
    #: Why no earlier row of the same command was taken.
    passed_over: tuple[Refusal, ...] = ()


def from_each(
    sources: Iterable[str],
    command: str,
    target: str,
    guard: Guard[Facts] | None = None,
    event: Names = None,
    clock: Names = None,
) -> tuple[Transition[Facts], ...]:
    """Return one row for each source, for a command that is possible in several states."""
    return tuple(Transition(source, command, target, guard, event, clock) for source in sources)


def _names(names: Names) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else names
