"""Shows the business day and the moves of its clock."""

from collections.abc import Mapping
from typing import Any

from chassis import clock, jobs
from chassis.commands import handles
from chassis.work import Reading
from contracts.gateway import clock as contract
from gateway.clock.rules import KIND


@handles(contract.GetClock)
def get_clock(reading: Reading, _: Mapping[str, Any]) -> Mapping[str, Any]:
    """The business day; a move reaches the gateway last, when every service has it."""
    day = clock.set_day(reading.connection)
    return {"today": clock.business_moment(day).date(), "moved": day is not None}


@handles(contract.GetClockMove)
def get_clock_move(reading: Reading, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """One move."""
    return jobs.find(reading.connection, KIND, request["move_id"])
