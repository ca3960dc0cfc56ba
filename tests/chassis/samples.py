"""Events and requests that toys obey."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contracts.envelope import build
from contracts.generate.json_schemas import data_schema
from contracts.generate.samples import sample
from contracts.membership.organisation import UnionFounded
from kernel.ids import new_id

#: The one union that toys know.
UNION = "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55"


def union_founded(name: str, sequence: int = 1, **data: Any) -> dict[str, Any]:
    """A whole event that passes its schema."""
    kind = UnionFounded.event_type
    now = datetime.now(UTC)
    return build(
        kind,
        sample(*data_schema(kind)) | {kind.subject: str(uuid4()), "name": name} | data,
        event_id=new_id(),
        sequence=sequence,
        time=now,
        recorded_time=now,
        org_id=UNION,
        region_code="330110",
    )


def draft_of(title: str) -> dict[str, Any]:
    """A request that the toy obeys."""
    moment = "2023-03-01T19:00:00+08:00"
    return {
        "organizer_union_id": UNION, "kind": "study", "title": title, "starts_at": moment, "ends_at": moment,
    }  # fmt: skip
