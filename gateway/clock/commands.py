"""Starts and stops moves of the business clock."""

from collections.abc import Mapping
from typing import Any

from chassis import jobs
from chassis.commands import handles
from chassis.errors import Refused
from chassis.settings import Environment, environment
from chassis.work import Work
from contracts.gateway import clock as contract
from gateway.clock.rules import KIND


@handles(contract.MoveClock)
def move_clock(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Queue the move. Raises Refused `clock_fixed` in production, `in_progress` while another move is at work."""
    if environment() is Environment.PRODUCTION:
        raise Refused("clock_fixed")
    day = request["day"]
    return jobs.queue(work, KIND, {"day": day and day.isoformat()}, alone=True)


@handles(contract.CancelClockMove)
def cancel_clock_move(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask the move to end at the day it is at, or while it waits for a service."""
    return jobs.cancel(work, KIND, request["move_id"])
