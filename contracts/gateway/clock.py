"""The business clock: a demo or a test walks it through a year; production lets it follow machine time."""

from contracts import fields
from contracts.declare import Request, command, get, post, query
from contracts.jobs import job_view
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema


class BusinessDay(Schema):
    """The day that commands take for today, in Asia/Shanghai."""

    today = fields.LocalDate(required=True)
    moved = fields.Flag(required=True, metadata={"description": "Whether it was set; else it follows machine time"})


@query(get("/v1/clock"), reply=BusinessDay, roles=EVERYBODY)
class GetClock(Request):
    """Read the business day."""


class ClockMoved(Schema):
    """The business day that all services have now; null where it follows machine time."""

    day = fields.LocalDate(required=True, allow_none=True)
    stops = fields.Count(
        required=True,
        metadata={"description": "Days at which it stopped: those on which something fell due, and the last"},
    )
    failed = fields.Count(
        required=True, metadata={"description": "What is due and failed; it is tried again, and the log names it"}
    )


ClockMove = job_view("ClockMove", ClockMoved)


@command(post("/v1/clock", 202), reply=ClockMove, roles=(Role.SYSTEM_ADMIN,), errors=("clock_fixed",))
class MoveClock(Request):
    """Move the business day of every service, one after the other, and wait until what it caused is done.

    Forward it goes from one day on which something falls due in any service to the next; `done` and `total` count days.
    """

    day = fields.LocalDate(required=True, allow_none=True, metadata={"description": "null: follow machine time again"})


class _OnMove(Request):
    move_id = fields.Id(required=True)


@query(get("/v1/clock/{move_id}"), reply=ClockMove, roles=(Role.SYSTEM_ADMIN,), errors=("not_found",))
class GetClockMove(_OnMove):
    """See how far a move of the clock is."""


@command(
    post("/v1/clock/{move_id}/cancel"),
    reply=ClockMove,
    roles=(Role.SYSTEM_ADMIN,),
    errors=("not_found", "illegal_transition"),
)
class CancelClockMove(_OnMove):
    """Stop a move of the clock at the day it is at, or sooner where a service keeps it waiting; move it again then."""
