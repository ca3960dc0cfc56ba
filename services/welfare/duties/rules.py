"""Whether somebody took a step of a record that bars them from another; nothing here reads or writes."""

from collections.abc import Mapping
from uuid import UUID

#: Accounts that took each step of a record, by the step's command.
Takers = Mapping[str, frozenset[UUID]]


def took_any(actor_id: UUID, steps: Takers, *commands: str) -> bool:
    """Whether an account took any of these steps."""
    return any(actor_id in steps.get(command, ()) for command in commands)
