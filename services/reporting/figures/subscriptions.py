"""Keeps what others' events tell as facts: a whole batch by one statement, in any order, each event once."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.dialects import postgresql

from chassis.subscribers import projects
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.events import activities
from services.reporting.base import Base
from services.reporting.figures.models import ActivityFact, AttendanceFact

Columns = Mapping[str, Callable[[Envelope], Any]]


def _told(name: str) -> Callable[[Envelope], Any]:
    return lambda event: event.data.get(name)


#: Where each column's value stands in an event.
_EVENT: Columns = {
    "event_id": attrgetter("id"),
    "region_code": attrgetter("region_code"),
    "occurred_at": attrgetter("time"),
    "recorded_at": attrgetter("recorded_time"),
    **{name: _told(name) for name in ("activity_id", "kind", "union_id")},
}
_STATE = ("state", "starts_at", "held_on", "sessions", "attendances", "distinct_subjects", "corrects")
_ACTIVITY: Columns = {
    **_EVENT,
    "event_type": attrgetter("type"),
    "sequence": attrgetter("sequence"),
    **{name: _told(name) for name in _STATE},
}
_ATTENDANCE: Columns = {
    **_EVENT,
    **{name: _told(name) for name in ("session_no", "subject_key", "worker_category")},
    "on_date": _told("on"),
}


def _insertion(model: type[Base], columns: Columns) -> TextClause:
    """One statement for any number of rows: psycopg2 under eventlet cannot COPY, and arrays are nearly as fast."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = {column.name: column.type.compile(dialect) for column in model.__table__.c}
    arrays = ", ".join(f"CAST(:{name} AS {types[name]}[])" for name in columns)
    return text(
        f"INSERT INTO {model.__tablename__} (generation, {', '.join(columns)}) "  # noqa: S608 - names of our own
        f"SELECT :generation, fact.* FROM unnest({arrays}) AS fact ON CONFLICT DO NOTHING"
    )


_KEEP_ACTIVITY = _insertion(ActivityFact, _ACTIVITY)
_KEEP_ATTENDANCE = _insertion(AttendanceFact, _ATTENDANCE)


@projects(
    activities.ActivityPublished,
    activities.ActivityHeld,
    activities.ActivityClosed,
    activities.ActivityCancelled,
    activities.ActivityCorrected,
    activities.ActivityVoided,
)
def keep_activities(work: Work, events: Sequence[Envelope]) -> None:
    """Keep what each activity was after each of its events."""
    _keep(work, events, _KEEP_ACTIVITY, _ACTIVITY)


@projects(activities.ActivityAttended)
def keep_attendances(work: Work, events: Sequence[Envelope]) -> None:
    """Keep who came to which session."""
    _keep(work, events, _KEEP_ATTENDANCE, _ATTENDANCE)


def _keep(work: Work, events: Sequence[Envelope], statement: TextClause, columns: Columns) -> None:
    values = {name: [read(event) for event in events] for name, read in columns.items()}
    work.session.execute(statement, {"generation": work.generation, **values})
