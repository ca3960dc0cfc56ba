"""Any history of activities, in any order and however often it comes, is counted as a plain recount counts it."""

import hashlib
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.declare import Event
from contracts.envelope import Envelope
from contracts.events import activities
from contracts.membership import organisation
from contracts.reporting import figures as contract
from contracts.roles import Role
from kernel.ids import new_id
from services.events.activities.rules import ACTIVITY
from tests.service.harness import Service, an_actor

AS_OF = date(2023, 9, 30)
_STATE_EVENTS: dict[str, type[Event]] = {
    "activity_published": activities.ActivityPublished,
    "activity_held": activities.ActivityHeld,
    "activity_closed": activities.ActivityClosed,
    "activity_cancelled": activities.ActivityCancelled,
    "activity_corrected": activities.ActivityCorrected,
    "activity_voided": activities.ActivityVoided,
}
#: The part of an activity's state that no count here depends on.
_REST = {"starts_at": "2023-03-01T11:00:00+00:00", "sessions": 1, "attendances": 1, "distinct_subjects": 1}


@dataclass(frozen=True)
class Step:
    """A command and the day it names."""

    command: str
    held_on: date


@dataclass(frozen=True)
class History:
    """What happens to one activity: of the union that is asked about, or of one beside it."""

    is_ours: bool
    kind: str
    steps: tuple[Step, ...]


DAYS = st.dates(date(2022, 12, 29), date(2023, 1, 3)) | st.dates(date(2023, 9, 28), date(2023, 10, 3))
#: How far activities come, and what happens to those that were closed.
WAYS = st.builds(
    operator.add,
    st.sampled_from([[], ["cancel"], ["hold"], *[["hold", "close"]] * 5]),
    st.lists(st.sampled_from(["correct", "correct", "void"]), max_size=3),
)
HISTORIES = st.lists(
    st.builds(
        History,
        is_ours=st.sampled_from([True, True, False]),
        kind=st.sampled_from(["study", "study", "another"]),
        steps=WAYS.flatmap(lambda way: st.tuples(*(st.builds(Step, st.just(command), DAYS) for command in way))),
    ),
    max_size=6,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(histories=HISTORIES, shuffle=st.randoms(use_true_random=False), size=st.integers(1, 7))
def test_a_figure_is_what_a_recount_of_any_history_gives(
    reporting: Service,
    histories: list[History],
    shuffle: Random,
    size: int,
) -> None:
    org, beside = str(uuid4()), str(uuid4())
    events = [union_event(org), union_event(beside)]
    for history in histories:
        events += told(org if history.is_ours else beside, history)

    deliver(reporting, [*events, *events[::2]], shuffle, size)

    analyst = an_actor(Role.ANALYST, org)
    found = reporting.do(contract.GetFigure, analyst, code="K01", org=org, as_of=AS_OF)
    expected = recounted(events, org)
    assert found["numerator"] == len(expected)
    assert found["set_hash"] == hashlib.sha256("\n".join(sorted(expected)).encode()).hexdigest()
    listed = reporting.do(contract.ExplainFigure, analyst, code="K01", org=org, as_of=AS_OF)
    assert {fact["event_id"] for fact in listed["facts"] if fact["counted"]} == expected


def recounted(events: Sequence[Envelope], org: str) -> set[str]:
    """The events that count, found in the plainest way: the last word on each activity decides."""
    last: dict[str, Envelope] = {}
    for event in events:
        is_later = event.subject not in last or last[event.subject].sequence < event.sequence
        if event.data.get("kind") == "study" and event.org_id == org and is_later:
            last[event.subject] = event
    return {
        event.id
        for event in last.values()
        if event.data["state"] == "closed" and "2023-01-01" <= event.data["held_on"] <= AS_OF.isoformat()
    }


def told(union: str, history: History) -> list[Envelope]:
    """What an open activity tells while the steps that its table allows are taken."""
    state = {
        "activity_id": new_id(),
        "kind": history.kind,
        "union_id": union,
        **_REST,
        "state": "open",
        "held_on": None,
    }
    events = [envelope(_STATE_EVENTS["activity_published"], union, 1, state)]
    for step in history.steps:
        row = next(
            (row for row in ACTIVITY.transitions if (row.source, row.command) == (state["state"], step.command)), None
        )
        if row is None:
            continue
        day = step.held_on.isoformat() if step.command in {"hold", "correct"} else state["held_on"]
        state = state | {"state": str(row.target), "held_on": day}
        # gaps are normal: attendances have numbers of their own between these
        events.append(envelope(_STATE_EVENTS[row.events[0]], union, events[-1].sequence + 3, state))
    return events


def union_event(union: str) -> Envelope:
    data = {"union_id": union, "superior_id": None, "name": "Mill", "region_code": "330110", "state": "approved"}
    return envelope(organisation.UnionApproved, union, 1, data)


def envelope(event: type[Event], union: str, sequence: int, data: dict[str, Any]) -> Envelope:
    now = datetime.now(UTC)
    return Envelope(
        id=new_id(),
        type=event.event_type.type,
        source=f"urn:unionhall:{event.event_type.service}",
        subject=data[event.event_type.subject],
        sequence=sequence,
        time=now,
        recorded_time=now,
        org_id=union,
        region_code="330110",
        classification="public",
        traceparent=None,
        causation_id=None,
        data=data,
    )


def deliver(service: Service, events: list[Envelope], shuffle: Random, size: int) -> None:
    shuffle.shuffle(events)
    for start in range(0, len(events), size):
        service.absorber.live(events[start : start + size])
