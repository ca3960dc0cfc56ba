"""The interpreter of state tables: a wrong table stops the import, a wrong command is refused with its reasons."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Generic

from kernel.law import Finding, Refusal
from kernel.states.checks import check
from kernel.states.errors import IllegalTransition, Refused, UnknownState
from kernel.states.transition import NEW, Facts, Taken, Transition


class Machine(Generic[Facts]):
    """A table of transitions. `initial` is the first state, or `NEW` if rows from `NEW` create the thing."""

    def __init__(self, name: str, initial: str, transitions: Iterable[Transition[Facts]]) -> None:
        """Raise `MachineError` if the table contradicts itself."""
        self.name = name
        self.initial = initial
        self.transitions = tuple(transitions)
        check(name, initial, self.transitions)
        #: Every state in order of first mention, without `NEW`.
        mentioned = [state for row in self.transitions for state in (row.source, row.target)]
        self.states = tuple(state for state in dict.fromkeys([initial, *mentioned]) if state != NEW)

    def next(self, state: str, command: str, facts: Facts) -> Taken[Facts]:
        """Return the first row, in table order, that the state and command name and whose guard does not refuse.

        Raise `IllegalTransition` if there is no such row, `Refused` if every guard refuses, `UnknownState`.
        """
        rows = [row for row in self._leaving(state) if row.command == command]
        if not rows:
            raise IllegalTransition(self.name, state, command, self.actions(state))
        refusals: list[Refusal] = []
        for row in rows:
            found = _findings(row, facts)
            refused = [finding for finding in found if isinstance(finding, Refusal)]
            if not refused:
                return _taken(row, found, refusals)
            refusals += refused
        raise Refused(tuple(refusals))

    def actions(self, state: str) -> tuple[str, ...]:
        """Return the commands that the table knows in a state, in table order; guards and roles are not asked."""
        return tuple(dict.fromkeys(row.command for row in self._leaving(state)))

    def is_final(self, state: str) -> bool:
        """Tell whether nothing leads on from a state."""
        return not self._leaving(state)

    def mermaid(self) -> str:
        """Return the table as a Mermaid state diagram; guards stand in brackets behind the command."""
        lines = ["stateDiagram-v2"]
        if self.initial != NEW:
            lines.append(f"    [*] --> {self.initial}")
        lines.extend(f"    {_node(row.source)} --> {row.target} : {_label(row)}" for row in self.transitions)
        lines.extend(f"    {state} --> [*]" for state in self.states if self.is_final(state))
        return "\n".join(lines)

    def _leaving(self, state: str) -> list[Transition[Facts]]:
        if state != self.initial and state not in self.states:
            raise UnknownState(f"{self.name} has no state {state!r}")
        return [row for row in self.transitions if row.source == state]


def _findings(row: Transition[Facts], facts: Facts) -> tuple[Finding, ...]:
    found = row.guard(facts) if row.guard else None
    if found is None:
        return ()
    return (found,) if isinstance(found, Finding) else tuple(finding for finding in found if finding is not None)


def _taken(row: Transition[Facts], notes: tuple[Finding, ...], passed_over: Iterable[Refusal]) -> Taken[Facts]:
    way = {field.name: getattr(row, field.name) for field in fields(row)}
    return Taken(**way, notes=notes, passed_over=tuple(passed_over))


def _node(state: str) -> str:
    return "[*]" if state == NEW else state


def _label(row: Transition[Facts]) -> str:
    return f"{row.command} [{row.guard.__name__}]" if row.guard else row.command
