"""Keeps what others' events tell as facts: a whole batch by one statement, in any order, each event once."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.dialects import postgresql

from chassis.subscribers import Projection, projects
from chassis.work import Work
from contracts.declare import Event
from contracts.envelope import Envelope
from contracts.events import activities
from contracts.membership import party
from contracts.subscriptions import MEMBER_EVENTS, UNION_EVENTS
from contracts.welfare import grants, health_checks
from services.reporting.base import Base
from services.reporting.figures import models

Reader = Callable[[Envelope], Any]


def _told(name: str) -> Reader:
    return lambda event: event.data.get(name)


#: Where values stand that are not in an event's data under the name of their column.
_ELSEWHERE: Mapping[str, Reader] = {
    "event_id": attrgetter("id"),
    "event_type": attrgetter("type"),
    "sequence": attrgetter("sequence"),
    "region_code": attrgetter("region_code"),
    "occurred_at": attrgetter("time"),
    "recorded_at": attrgetter("recorded_time"),
    "on_date": _told("on"),
}

#: The events that each table keeps.
_KEPT: Mapping[type[Base], Sequence[type[Event]]] = {
    models.ActivityFact: (
        activities.ActivityPublished,
        activities.ActivityHeld,
        activities.ActivityClosed,
        activities.ActivityCancelled,
        activities.ActivityCorrected,
        activities.ActivityVoided,
    ),
    models.AttendanceFact: (activities.ActivityAttended,),
    models.MembershipFact: MEMBER_EVENTS,
    models.UnionFact: UNION_EVENTS,
    models.RecommendationFact: (party.PartyRecommendationMade, party.PartyRecommendationConcluded),
    models.TargetTotalFact: (party.DevelopmentTargetTotalReported,),
    models.GrantFact: (
        grants.BenefitIssued,
        grants.BenefitReceipted,
        grants.BenefitReturned,
        grants.BenefitReversed,
    ),
    models.HealthCheckFact: (health_checks.HealthCheckAttended, health_checks.HealthCheckVoided),
}


def _keeping(model: type[Base]) -> Projection:
    """A projection that writes each event as one row of a table."""
    names = [column.name for column in model.__table__.c if column.name != "generation"]
    readers = {name: _ELSEWHERE.get(name, _told(name)) for name in names}
    statement = _insertion(model, names)

    def keep(work: Work, events: Sequence[Envelope]) -> None:
        values = {name: [read(event) for event in events] for name, read in readers.items()}
        work.session.execute(statement, {"generation": work.generation, **values})

    return keep


def _insertion(model: type[Base], names: Sequence[str]) -> TextClause:
    """One statement for any number of rows: psycopg2 under eventlet cannot COPY, and arrays are nearly as fast."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = {column.name: column.type.compile(dialect) for column in model.__table__.c}
    arrays = ", ".join(f"CAST(:{name} AS {types[name]}[])" for name in names)
    return text(
        f"INSERT INTO {model.__tablename__} (generation, {', '.join(names)}) "  # noqa: S608 - names of our own
        f"SELECT :generation, fact.* FROM unnest({arrays}) AS fact ON CONFLICT DO NOTHING"
    )


for _model, _events in _KEPT.items():
    projects(*_events)(_keeping(_model))
