"""Keeps what others' events tell as facts: a whole batch by one statement, in any order, each event once."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from chassis.many_rows import insert_rows
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


#: Each generation has each event once.
_KEY = ("generation", "event_id")


def _keeping(model: type[Base]) -> Projection:
    """A projection that writes each event as one row of a table."""
    table = model.__table__
    readers = {column.name: _ELSEWHERE.get(column.name, _told(column.name)) for column in table.c}
    del readers["generation"]

    def keep(work: Work, events: Sequence[Envelope]) -> None:
        rows = [
            {"generation": work.generation, **{name: read(event) for name, read in readers.items()}} for event in events
        ]
        insert_rows(work.session.connection(), table, rows, index_elements=_KEY)

    return keep


for _model, _events in _KEPT.items():
    projects(*_events)(_keeping(_model))
