"""What a state machine refuses, and why, in a form that a service can turn into a reply."""

from kernel.errors import KernelError
from kernel.law import Refusal


class MachineError(ValueError):
    """The table of a state machine contradicts itself; correct the table, the program does not start."""


class UnknownState(LookupError):
    """The machine has no such state; the stored state and the table have drifted apart."""


class IllegalTransition(KernelError):
    """This command is not possible in this state; `allowed` lists those that are."""

    code = "illegal_transition"

    def __init__(self, machine: str, state: str, command: str, allowed: tuple[str, ...]) -> None:
        super().__init__()
        self.machine = machine
        self.state = state
        self.command = command
        self.allowed = allowed

    def __str__(self) -> str:
        return f"{self.machine}: {self.command} is not possible in {self.state}, only {', '.join(self.allowed) or '-'}"


class Refused(KernelError):
    """Each way out that the command has here was refused by its guard; `refusals` tells all of them in table order."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__()
        self.refusals = refusals
        self.code = refusals[0].code

    def __str__(self) -> str:
        return ", ".join(refusal.code for refusal in self.refusals)
