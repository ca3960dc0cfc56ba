"""One row of a state machine's table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from kernel.law import Refusal

Facts = TypeVar("Facts")

#: A named pure function over the facts of the case: None lets the command pass.
Guard: TypeAlias = Callable[[Facts], Refusal | None]
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
