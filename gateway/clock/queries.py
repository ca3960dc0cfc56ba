"""Shows moves of the business clock."""

from collections.abc import Mapping
from typing import Any

from chassis import jobs
from chassis.commands import handles
from chassis.work import Reading
from contracts.gateway import clock as contract
from gateway.clock.rules import KIND


@handles(contract.GetClockMove)
def get_clock_move(reading: Reading, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """One move."""
    return jobs.find(reading.connection, KIND, request["move_id"])
