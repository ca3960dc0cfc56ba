"""Clocks of the law: rows that say on which business day something falls due, and the functions that then do it.

A row names the **first day on which its handler runs**. The last day of a period still belongs to whoever must act, so
what happens because nobody did is due on the day after: `dues.schedule(work, CLOCK, transfer.id, on=last + ONE_DAY)`.
What happens on a day whatever anybody does (a term begins, a reminder goes out) is due on that day itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.clock import business_moment
from chassis.tables import business_clock, due
from chassis.work import Work

#: From the last day of a period to the day on which it is over.
ONE_DAY = timedelta(days=1)
#: Key under which a session knows that it set a row that is due already.
FELL_DUE = "fell_due"
#: The advisory lock under which a service's due rows are done; the number only has to be the same everywhere.
_LOCK = 0x647565
#: What a handler may wait for a lock: less than the second after which PostgreSQL looks for a deadlock, so that a
#: command that locked the aggregate and wants its row is never the one that is sent away.
_PATIENCE = "500ms"

Function = Callable[[Work, UUID], None]
FunctionT = TypeVar("FunctionT", bound=Function)

#: Every handler by the name of its clock.
CLOCKS: dict[str, Function] = {}

# begins each turn: whoever else is at it ends first, and only then is it looked what is due
_TURN = text("SELECT pg_advisory_xact_lock(:lock), set_config('lock_timeout', :patience, true)")
_TAKE = text(
    """
    DELETE FROM due WHERE (clock, aggregate_id) = (
        SELECT clock, aggregate_id FROM due
        WHERE due_on <= coalesce((SELECT today FROM business_clock), :machine_day) AND clock = ANY (:clocks)
            AND (retry_at IS NULL OR retry_at <= clock_timestamp())
        ORDER BY due_on, clock, aggregate_id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING clock, aggregate_id, due_on, failures, (SELECT today FROM business_clock) AS set_day
    """
)
# what a newer version has set waits for a process of that version
_IS_KNOWN = due.c.clock == func.any(bindparam("clocks"))
_HAS_COME = _IS_KNOWN & (
    due.c.due_on <= func.coalesce(select(business_clock.c.today).scalar_subquery(), bindparam("machine_day"))
)
_WAITING = select(due.c.clock).where(_HAS_COME, due.c.failures == 0).limit(1)
_FAILED = select(func.count()).where(_HAS_COME, due.c.failures > 0)
_NEXT = select(func.min(due.c.due_on)).where(_IS_KNOWN, due.c.due_on > bindparam("after"))


@dataclass(frozen=True, slots=True)
class Taken:
    """A due row in the transaction that does what it asks for and deletes it."""

    clock: str
    aggregate_id: UUID
    due_on: date
    #: How often its handler has failed so far.
    failures: int
    #: The business day as an operator set it, at the same moment.
    set_day: date | None


def falls_due(clock: str) -> Callable[[FunctionT], FunctionT]:
    """Register what is done when a clock's day has come: `function(work, aggregate_id)`, as the system.

    It runs in a unit of work of its own that also deletes the row, so that it takes effect once, whoever dies when;
    it may schedule the same clock again. It locks the aggregate first, and does nothing where things are no longer so.
    The business day may be later than the row's: whoever was away catches up.
    """

    def register(function: FunctionT) -> FunctionT:
        if clock in CLOCKS:
            raise TypeError(f"{clock} has two handlers")
        CLOCKS[clock] = function
        return function

    return register


def schedule(work: Work, clock: str, aggregate_id: UUID, *, on: date) -> None:
    """Have a clock's handler run for an aggregate from a business day on; an earlier row of the two is replaced.

    A day that has come already is no mistake: the handler runs right after the commit.
    Raises KeyError where no handler of that name is registered.
    """
    CLOCKS[clock]
    row = insert(due).values(clock=clock, aggregate_id=aggregate_id, due_on=on)
    fresh = {"due_on": on, "failures": 0, "retry_at": None}
    work.session.execute(row.on_conflict_do_update(index_elements=["clock", "aggregate_id"], set_=fresh))
    if on <= work.today:
        work.session.info[FELL_DUE] = True


def clear(work: Work, clock: str, aggregate_id: UUID) -> None:
    """Stop a clock for an aggregate; one that does not run is no mistake."""
    work.session.execute(delete(due).where(due.c.clock == clock, due.c.aggregate_id == aggregate_id))


def take(session: Session) -> Taken | None:
    """Delete the earliest row that is due, if there is one, to do in the same transaction what it asks for.

    A row that another transaction has locked is passed over. The lock on all of this service's due rows is held until
    the transaction ends, so that they are done one after the other in the order of their days.
    """
    session.execute(_TURN, {"lock": _LOCK, "patience": _PATIENCE})
    row = session.execute(_TAKE, _now()).first()
    return None if row is None else Taken(*row)


def put_off(connection: Connection, taken: Taken, seconds: float, failures: int) -> None:
    """Have a row that was rolled back tried again after so many seconds, unless it has been replaced."""
    same = (due.c.clock == taken.clock) & (due.c.aggregate_id == taken.aggregate_id) & (due.c.due_on == taken.due_on)
    later = func.clock_timestamp() + timedelta(seconds=seconds)
    connection.execute(update(due).where(same).values(failures=failures, retry_at=later))


def is_any_waiting(connection: Connection) -> bool:
    """Whether a row is due that has not been tried yet; one whose handler failed keeps nobody waiting."""
    return connection.execute(_WAITING, _now()).first() is not None


def failed(connection: Connection) -> int:
    """How many rows are due whose handler has failed, and is tried again now and then."""
    return connection.scalar(_FAILED, _now()) or 0


def next_day(connection: Connection, after: date) -> date | None:
    """The first day after another on which a row falls due."""
    first: date | None = connection.scalar(_NEXT, {"after": after, "clocks": list(CLOCKS)})
    return first


def _now() -> dict[str, Any]:
    return {"machine_day": business_moment(None).date(), "clocks": list(CLOCKS)}
