"""The lines of a list in SQL: they go in, change their state and are told by one statement for all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, Update, any_, bindparam, select, text, update
from sqlalchemy.orm import Session

from chassis.many_rows import insert_rows
from chassis.member_register import Member
from contracts.welfare.grants import Ineligibility
from kernel.ids import new_id
from kernel.money import Fen
from services.welfare.batches.models import Batch
from services.welfare.batches.rules import Line
from services.welfare.grants.models import Benefit
from services.welfare.grants.rules import LIVE

_benefit = Benefit.__table__.c

_LINES = select(*(_benefit[name] for name in Line.__dataclass_fields__)).where(
    _benefit.batch_id == bindparam("batch_id")
)
_KEYS = bindparam("subject_keys", type_=ARRAY(Text))
_GRANTED = select(_benefit.subject_key).where(
    _benefit.programme_id == bindparam("programme_id"),
    _benefit.batch_id != bindparam("batch_id"),
    _benefit.state.in_(LIVE),
    _benefit.subject_key == any_(_KEYS),
)
_STANDING = select(_benefit.subject_key, _benefit.state).where(
    _benefit.batch_id == bindparam("batch_id"), _benefit.subject_key == any_(_KEYS)
)
_DECIDE = text(
    """
    UPDATE benefit SET state = line.state, ineligible_because = line.reason, union_id = line.union_id,
        worker_category = line.worker_category, version = version + 1
    FROM unnest(
        CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:unions AS uuid[]),
        CAST(:categories AS text[])
    ) AS line (id, state, reason, union_id, worker_category)
    WHERE benefit.id = line.id
    """
)
#: What an event tells of a benefit, and what it needs to be told.
_TOLD = ("id", "event_sequence", "region_code", "subject_key", "worker_category", "union_id", "qty", "amount_fen")


@dataclass(frozen=True, slots=True)
class Added:
    """What was put on a list: lines that were not there, and what they are worth."""

    lines: int
    amount_fen: Fen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the freeze found out about the person of a line."""

    state: str
    reason: Ineligibility | None
    member: Member | None


def add(session: Session, batch: Batch, state: str, lines: Sequence[Mapping[str, Any]]) -> Added:
    """Put lines on a list whose row the caller has locked; somebody already there is left as they are."""
    there = standing(session, batch.id, {line["subject_key"] for line in lines})
    fresh: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        if line["subject_key"] not in there:
            # of two lines of one person the first counts
            fresh.setdefault(line["subject_key"], line)
    same = {
        "version": 1,
        "event_sequence": 0,
        "region_code": batch.region_code,
        "batch_id": batch.id,
        "programme_id": batch.programme_id,
        "state": state,
    }
    rows = [{"id": UUID(new_id()), **same, **line} for line in fresh.values()]
    insert_rows(session.connection(), Benefit.__table__, rows)
    return Added(len(rows), sum(row["amount_fen"] for row in rows))


def listed(session: Session, batch_id: UUID) -> list[Line]:
    """The whole list."""
    return [Line(*row) for row in session.connection().execute(_LINES, {"batch_id": batch_id})]


def granted(session: Session, batch: Batch, subject_keys: Sequence[str]) -> set[str]:
    """Which of these people have a live benefit of the programme on another list.

    The caller has locked the programme, so that no other list of it is being frozen.
    """
    asked = {"programme_id": batch.programme_id, "batch_id": batch.id, "subject_keys": subject_keys}
    return set(session.connection().scalars(_GRANTED, asked))


def standing(session: Session, batch_id: UUID, subject_keys: Collection[str]) -> dict[str, str]:
    """The state of each of these people's benefits on a list; who is not on it is left out."""
    rows = session.connection().execute(_STANDING, {"batch_id": batch_id, "subject_keys": list(subject_keys)})
    return {row.subject_key: row.state for row in rows}


def decide(session: Session, outcomes: Mapping[UUID, Outcome]) -> None:
    """Write down what the freeze found out about each line."""
    session.execute(
        _DECIDE,
        {
            "ids": [str(line_id) for line_id in outcomes],
            "states": [outcome.state for outcome in outcomes.values()],
            "reasons": [outcome.reason for outcome in outcomes.values()],
            "unions": [str(one.member.union_id) if one.member else None for one in outcomes.values()],
            "categories": [one.member.worker_category if one.member else None for one in outcomes.values()],
        },
    )


def move(session: Session, batch_id: UUID, source: str, target: str) -> None:
    """Bring every line of a list from one state to another; nobody is told."""
    session.connection().execute(_moved(batch_id, source, target))


def move_and_tell(
    session: Session,
    batch_id: UUID,
    source: str,
    target: str,
    subject_keys: Collection[str] | None = None,
    **changes: UUID | date | str,
) -> Sequence[Row[Any]]:
    """Bring the lines of a list, or of these people, from one state to another; gives what events tell of them."""
    statement = _moved(batch_id, source, target).values(event_sequence=_benefit.event_sequence + 1, **changes)
    asked = {}
    if subject_keys is not None:
        statement, asked = statement.where(_benefit.subject_key == any_(_KEYS)), {"subject_keys": list(subject_keys)}
    told = statement.returning(*(_benefit[name] for name in _TOLD))
    return session.connection().execute(told, asked).all()


def _moved(batch_id: UUID, source: str, target: str) -> Update:
    return (
        update(Benefit.__table__)  # type: ignore[arg-type]
        .where(_benefit.batch_id == batch_id, _benefit.state == source)
        .values(state=target, version=_benefit.version + 1)
    )
