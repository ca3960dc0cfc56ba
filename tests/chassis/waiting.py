"""Waiting for what happens elsewhere."""

from collections.abc import Callable
from typing import Any

from unionctl.processes import wait_until

#: Seconds for anything to happen on a busy machine.
PATIENCE = 30.0


def eventually(condition: Callable[[], Any], otherwise: str) -> None:
    """Wait until something is so; fails with a sentence when it does not come."""
    wait_until(lambda: bool(condition()), PATIENCE, otherwise)
