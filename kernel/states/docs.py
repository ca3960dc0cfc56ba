"""The diagrams in the documentation are drawn from the tables that run, so that they cannot say anything else."""

from collections.abc import Iterable, Iterator
from typing import Any

from kernel.states.machine import Machine
from kernel.states.transition import Transition

_HEADINGS = ("From", "Command", "To", "Guard", "Event", "Clock")


def render_page(machines: Iterable[Machine[Any]]) -> str:
    """Return a Markdown page with a diagram and a table for each machine, by name: the same machines, the same text."""
    blocks = ["# State machines", "Generated from the tables that run; do not edit."]
    for machine in sorted(machines, key=lambda machine: machine.name):
        blocks += [f"## {machine.name}", f"```mermaid\n{machine.mermaid()}\n```", "\n".join(_table(machine))]
    return "\n\n".join(blocks) + "\n"


def _table(machine: Machine[Any]) -> Iterator[str]:
    yield _line(_HEADINGS)
    yield _line("---" for _ in _HEADINGS)
    for row in machine.transitions:
        yield _line((row.source, row.command, row.target, _guard(row), ", ".join(row.events), ", ".join(row.clocks)))


def _guard(row: Transition[Any]) -> str:
    if row.guard is None:
        return ""
    explained = (row.guard.__doc__ or "").partition("\n")[0]
    return f"{row.guard.__name__}: {explained}" if explained else row.guard.__name__


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
