"""Work that takes longer than a request: queued with the command that asked for it, taken up again after a crash."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, or_, select, text, update

from chassis.actor import Actor
from chassis.database import Database
from chassis.errors import Refused
from chassis.tables import job
from chassis.tree import UnionTree
from chassis.work import Work
from kernel.ids import new_id

#: A running job that has said nothing for so long was left by a process that died; another takes it up.
STALLED = text("interval '30 seconds'")


class Cancelled(Exception):
    """Somebody asked for the job to end; what it has done so far stays."""


class Interrupted(Exception):
    """The process stops; another goes on from the last progress."""


@dataclass(slots=True)
class Running:
    """A job at work. Its function must be able to go on from `progress` after a crash."""

    id: UUID
    request: Mapping[str, Any]
    actor: Actor
    #: What the function last gave to `report`, None at first.
    progress: Any
    database: Database
    tree: UnionTree
    #: Wraps the keys of files that the job writes or reads.
    file_key: bytes
    #: Asks another service; only the gateway's jobs may, elsewhere it is None.
    ask: Callable[..., Any] | None
    stopping: Callable[[], bool]

    def report(self, done: int, total: int | None, progress: Any) -> None:
        """Keep how far the job is. Raises Cancelled or Interrupted where it must end."""
        values = {"done": done, "total": total, "progress": progress, "heartbeat_at": func.clock_timestamp()}
        with self.database.writer.begin() as connection:
            changed = update(job).where(job.c.id == self.id).values(values).returning(job.c.cancel_requested)
            cancelled = connection.scalar(changed)
        self.progress = progress
        if cancelled:
            raise Cancelled
        if self.stopping():
            raise Interrupted


Function = Callable[[Running], Any]
FunctionT = TypeVar("FunctionT", bound=Function)

#: Every job function by its kind.
KINDS: dict[str, Function] = {}


def runs(kind: str) -> Callable[[FunctionT], FunctionT]:
    """Register the function that does jobs of a kind; what it returns, as JSON values, is the job's result."""

    def register(function: FunctionT) -> FunctionT:
        KINDS[kind] = function
        return function

    return register


def queue(work: Work, kind: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Queue a job in a command's unit of work; gives its row."""
    values = {"id": UUID(new_id()), "kind": kind, "state": "queued", "actor": work.actor.to_wire(), "request": request}
    row = work.session.execute(insert(job).values(values).returning(job)).one()
    return shown(row)


def find(connection: Connection, kind: str, job_id: UUID, owner: Actor | None = None) -> Mapping[str, Any]:
    """A job's row; with `owner`, only a job of that actor. Raises Refused `not_found`."""
    row = connection.execute(select(job).where(job.c.id == job_id, job.c.kind == kind)).first()
    if row is None or (owner is not None and Actor.from_wire(row.actor).id != owner.id):
        raise Refused("not_found")
    return shown(row)


def cancel(work: Work, kind: str, job_id: UUID, owner: Actor | None = None) -> Mapping[str, Any]:
    """Ask a job to end at its next report. Raises Refused `not_found` or `illegal_transition`."""
    find(work.session.connection(), kind, job_id, owner)
    changed = (
        update(job)
        .where(job.c.id == job_id, job.c.state.in_(("queued", "running")))
        .values(cancel_requested=True)
        .returning(job)
    )
    row = work.session.execute(changed).first()
    if row is None:
        raise Refused("illegal_transition")
    return shown(row)


def shown(row: Row[Any]) -> Mapping[str, Any]:
    """A job as `contracts.jobs.JobView` shows it."""
    return {**row._mapping, "actions": ["cancel"] if row.state in {"queued", "running"} else []}


def claim(connection: Connection) -> Row[Any] | None:
    """Take the oldest job that waits or was left behind, if there is one."""
    left = job.c.heartbeat_at < func.clock_timestamp() - STALLED
    free = or_(job.c.state == "queued", (job.c.state == "running") & or_(left, job.c.heartbeat_at.is_(None)))
    oldest = select(job.c.id).where(free).order_by(job.c.created_at).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(job)
        .where(job.c.id == oldest.scalar_subquery())
        .values(state="running", heartbeat_at=func.clock_timestamp())
        .returning(job)
    )
    return connection.execute(taken).first()


def end(database: Database, job_id: UUID, state: str, **details: Any) -> None:
    """Record how a job ended."""
    values = {"state": state, "ended_at": func.clock_timestamp(), **details}
    with database.writer.begin() as connection:
        connection.execute(update(job).where(job.c.id == job_id).values(values))
