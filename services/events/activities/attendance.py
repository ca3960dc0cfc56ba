"""The attendance list in SQL: lines go in by one statement and are counted where they lie."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, any_, bindparam, func, select, text
from sqlalchemy.orm import Session

from services.events.activities.models import Attendance

# The outer query sees the list as it was before the lines came, and so tells whose first session this is.
_ADD = text(
    """
    WITH added AS (
        INSERT INTO attendance (activity_id, subject_key, session_no, worker_category)
        SELECT :activity_id, line.*
        FROM unnest(CAST(:subjects AS text[]), CAST(:sessions AS integer[]), CAST(:categories AS text[])) AS line
        ON CONFLICT DO NOTHING
        RETURNING subject_key
    )
    SELECT count(*) AS lines, count(DISTINCT subject_key) FILTER (
        WHERE NOT EXISTS (
            SELECT FROM attendance AS there
            WHERE there.activity_id = :activity_id AND there.subject_key = added.subject_key
        )
    ) AS subjects
    FROM added
    """
).bindparams(bindparam("activity_id", type_=Attendance.activity_id.type))

_LIST = (
    select(Attendance.session_no, Attendance.subject_key, Attendance.worker_category)
    .where(Attendance.activity_id == bindparam("activity_id"))
    .order_by(Attendance.session_no, Attendance.subject_key)
)
_THOSE_LISTED = (
    select(Attendance.subject_key)
    .where(
        Attendance.activity_id == bindparam("activity_id"),
        Attendance.subject_key == any_(bindparam("people", type_=ARRAY(Text))),
    )
    .distinct()
)
_LAST_SESSION = select(func.max(Attendance.session_no)).where(Attendance.activity_id == bindparam("activity_id"))


#: Session number, subject key and worker category.
Line = Row[int, str, str]


@dataclass(frozen=True, slots=True)
class Added:
    """What a list brought: lines that were not there, and people who had not been at any session."""

    lines: int
    subjects: int


def add(session: Session, activity_id: UUID, lines: Sequence[Mapping[str, Any]]) -> Added:
    """Put lines on the list of an activity whose row the caller has locked; a line already there is left as it is."""
    row = session.execute(
        _ADD,
        {
            "activity_id": activity_id,
            "subjects": [line["subject_key"] for line in lines],
            "sessions": [line["session_no"] for line in lines],
            "categories": [line["worker_category"] for line in lines],
        },
    ).one()
    return Added(row.lines, row.subjects)


def listed(session: Session, activity_id: UUID) -> Sequence[Line]:
    """The whole list by session."""
    return session.execute(_LIST, {"activity_id": activity_id}).all()


def those_listed(session: Session, activity_id: UUID, people: Collection[str]) -> set[str]:
    """Those of some people who are on the list already."""
    return set(session.scalars(_THOSE_LISTED, {"activity_id": activity_id, "people": list(people)}))


def last_session(session: Session, activity_id: UUID) -> int:
    """The largest session number on the list; 0 if it is empty."""
    return session.scalar(_LAST_SESSION, {"activity_id": activity_id}) or 0
