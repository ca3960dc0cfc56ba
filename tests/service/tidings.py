"""What membership tells of people whom the test makes up, for services that know members by its events alone."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from contracts import envelope
from contracts.envelope import Envelope
from contracts.membership.register import MemberJoined, MemberRetained
from kernel.ids import new_id
from tests.service.harness import LONG_AGO, Universe


def a_person() -> str:
    """The key of somebody whom nobody has heard of."""
    return uuid4().hex * 2


def told(universe: Universe, subject_key: str, sequence: int = 1, **changes: Any) -> Envelope:
    """What membership tells of a member."""
    data = {
        # the only one of this person, unless `changes` say otherwise
        "membership_id": str(UUID(subject_key[:32])),
        "subject_key": subject_key,
        "union_id": universe.home.id,
        "employer_id": None,
        "state": "active",
        "worker_category": "10",
        "is_industrial_worker": True,
        "out_of_province": False,
        "sex": "2",
        "skill_level": None,
        "employed_since": None,
        "joined_on": LONG_AGO.isoformat(),
        "effective_on": LONG_AGO.isoformat(),
    } | changes
    event = MemberRetained if data["state"] == "retained" else MemberJoined
    now = datetime.now(UTC)
    body = envelope.build(
        event.event_type,
        data,
        event_id=new_id(),
        sequence=sequence,
        time=now,
        recorded_time=now,
        org_id=data["union_id"],
        region_code="330110",
    )
    return Envelope.parse(body)
