"""In which order the services learn of a new business day."""

from contracts.registry import SERVICES

#: Kind of the job that moves the clock.
KIND = "move_clock"
#: Owners of rights before those who rely on them, reporting last.
ORDER: tuple[str, ...] = SERVICES
