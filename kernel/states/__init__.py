"""A state machine is a table; one interpreter runs all tables, says what can be done next and draws the diagrams."""

from kernel.states.docs import render_page
from kernel.states.errors import IllegalTransition, MachineError, Refused, UnknownState
from kernel.states.machine import Machine
from kernel.states.transition import NEW, Guard, Taken, Transition, from_each

__all__ = [
    "NEW",
    "Guard",
    "IllegalTransition",
    "Machine",
    "MachineError",
    "Refused",
    "Taken",
    "Transition",
    "UnknownState",
    "from_each",
    "render_page",
]
