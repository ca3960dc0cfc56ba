"""Work that takes longer than a request: queued with the command that asked for it, taken up again after a crash."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, cast, column, exists, func, insert, or_, select, table, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from chassis import clock, files, outbox
from chassis.actor import Actor
from chassis.database import Database
from chassis.errors import Refused
from chassis.states import impossible
from chassis.tables import job
from chassis.tree import UnionTree
from chassis.work import Work
from contracts import catalogue
from contracts.catalogue import LANGUAGES
from kernel.ids import new_id

#: States of a job that has not ended.
_OPEN = ("queued", "running")
#: The sessions that live now; a role sees the names of its own.
_sessions = table("pg_stat_activity", column("application_name"))


class Cancelled(Exception):
    """Somebody asked for the job to end; what it has done so far stays, except its files."""


class Interrupted(Exception):
    """The process stops, or was silent for so long that another goes on from the last progress."""


@dataclass(slots=True)
class Running:
    """A job at work. Its function must be able to go on from `progress` after a crash."""

    id: UUID
    #: Session under which this process holds the job; whoever takes the job over names another.
    holder: str
    request: Mapping[str, Any]
    #: The actor who asked, as the row keeps it.
    asked_by: str
    #: What the function last gave to `report`, None at first.
    progress: Any
    database: Database
    tree: UnionTree
    #: Wraps the keys of files that the job writes or reads.
    file_key: bytes
    #: Asks another service; only the gateway's jobs may, elsewhere it is None.
    ask: Callable[..., Any] | None
    stopping: Callable[[], bool]
    #: What only this service has, as `chassis.core.Core` opened it.
    own: Any = None
    #: Called after each commit that recorded events: it wakes the relay.
    committed: Callable[[], None] = lambda: None

    @property
    def actor(self) -> Actor:
        """Who asked. Raises ValueError where a newer version queued the job with a role that this one lacks."""
        return Actor.from_wire(self.asked_by)

    def report(self, done: int, total: int | None, progress: Any) -> None:
        """Keep how far the job is. Raises Cancelled or Interrupted where it must end."""
        with self.database.writer.begin() as connection:
            row = self._change(connection, done=done, total=total, progress=progress)
        self._go_on(row, progress)

    @contextmanager
    def held(self) -> Iterator[Connection]:
        """A transaction for what belongs to the job and not to its progress; until it ends nobody takes the job over.

        Raises Interrupted where another process has done so already.
        """
        with self.database.writer.begin() as connection:
            mine = select(job.c.id).where(job.c.id == self.id, job.c.holder == self.holder)
            if connection.execute(mine.with_for_update(read=True)).first() is None:
                raise Interrupted
            yield connection

    @contextmanager
    def step(self, done: int, total: int | None, progress: Any) -> Iterator[Work]:
        """A unit of work that commits together with how far the job is after it, so that none is done twice.

        Raises, after the commit, Cancelled where the job must end, and Interrupted where it must stop for now; where
        another process has taken the job over, Interrupted without a commit.
        """
        with Session(self.database.writer, expire_on_commit=False) as session:
            work = Work(session, self.actor, self.tree, clock.set_day(session.connection()), own=self.own)
            yield work
            outbox.record(session, work.recorded)
            row = self._change(session.connection(), done=done, total=total, progress=progress)
            if row is not None:
                session.commit()
        if row is not None and work.recorded:
            self.committed()
        self._go_on(row, progress)

    def end(self, state: str, **details: Any) -> None:
        """Record how the job ended; unless it is done, its files go with the same commit, whole or half-written."""
        with self.database.writer.begin() as connection:
            row = self._change(connection, state=state, ended_at=func.clock_timestamp(), **details)
            # whoever has taken the job over writes files of its own
            if row is not None and state != "done":
                files.discard(connection, self.id)

    def put_back(self) -> None:
        """Leave the job to whoever looks next."""
        with self.database.writer.begin() as connection:
            self._change(connection, state="queued")

    def _go_on(self, row: Row[Any] | None, progress: Any) -> None:
        self.progress = progress
        if row is None or self.stopping():
            raise Interrupted
        if row.cancel_requested:
            raise Cancelled

    def _change(self, connection: Connection, **values: Any) -> Row[Any] | None:
        """Change the job's row; None, and nothing is changed, where another process has taken the job over."""
        held = update(job).where(job.c.id == self.id, job.c.holder == self.holder)
        return connection.execute(held.values(values).returning(job)).first()


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


def queue(
    work: Work, kind: str, request: Mapping[str, Any], *, alone: bool = False, own: int | None = None
) -> Mapping[str, Any]:
    """Queue a job in a command's unit of work; gives its row.

    Raises Refused `in_progress` where the job must be `alone` and another of its kind has not ended, and
    `too_many_jobs` where so many of the actor's `own` have not.
    """
    if alone and _open_beside(work, kind):
        raise Refused("in_progress")
    if own is not None and _open_beside(work, kind, cast(job.c.actor, JSONB)["id"].astext == str(work.actor.id)) >= own:
        # by a code of its own: whoever meets it waits for minutes, and not for a second
        raise Refused("too_many_jobs", params={"most": str(own)})
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
    changed = update(job).where(job.c.id == job_id, job.c.state.in_(_OPEN)).values(cancel_requested=True).returning(job)
    row = work.session.execute(changed).first()
    if row is None:
        ended = find(work.session.connection(), kind, job_id, owner)
        raise impossible(ended["state"], ended["actions"])
    return shown(row)


def shown(row: Row[Any]) -> Mapping[str, Any]:
    """A job as `contracts.jobs.JobView` shows it."""
    failure = row.failure and {**row.failure, "messages": _words(row.failure)}
    return {**row._mapping, "failure": failure, "actions": ["cancel"] if row.state in _OPEN else []}


def _words(failure: Mapping[str, Any]) -> Mapping[str, str]:
    return {language: catalogue.text(failure["code"], language, **failure["params"]) for language in LANGUAGES}


def is_any_free(connection: Connection) -> bool:
    """Whether there is a job to claim."""
    return bool(connection.scalar(select(exists().where(_free()))))


def claim(connection: Connection, holder: str) -> Row[Any] | None:
    """Take the oldest job that waits or was left behind, if there is one; `holder` names a session that lives."""
    oldest = select(job.c.id).where(_free()).order_by(job.c.created_at).limit(1).with_for_update(skip_locked=True)
    job_id = connection.scalar(oldest)
    # The row is locked as it is now, but PostgreSQL shows a transaction the sessions of its first look: a job that
    # another process has taken since then seems left behind. Nobody can take it any more, so a second look tells.
    connection.execute(select(func.pg_stat_clear_snapshot()))
    taken = update(job).where(job.c.id == job_id, _free()).values(state="running", holder=holder).returning(job)
    return connection.execute(taken).first()


def _open_beside(work: Work, kind: str, *which: ColumnElement[bool]) -> int:
    """How many such jobs have not ended; nobody else queues one until the unit of work ends."""
    # held to the commit: who asks at the same time waits, and then finds our job
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(kind))))
    there = select(func.count()).where(job.c.kind == kind, job.c.state.in_(_OPEN), *which)
    return work.session.scalars(there).one()


def _free() -> ColumnElement[bool]:
    held = exists().where(_sessions.c.application_name == job.c.holder)
    return or_(job.c.state == "queued", (job.c.state == "running") & ~held)
