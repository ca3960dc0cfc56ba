"""Makes one valid value for a schema, for the examples in the documents and the golden samples of the tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Any

from contracts.declare import EventType
from contracts.envelope import build
from contracts.generate.convert import REFERENCE
from contracts.generate.json_schemas import data_schema

#: A value for each format and pattern that the field types use.
_TEXTS = {
    "^[0-9a-f]{64}$": "5e" * 32,
    "^[1-9][0-9]{5}$": "330110",
    "uuid": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53",
    "date": "2024-03-08",
    "date-time": "2024-03-08T09:30:00+08:00",
}

#: The union that an event's envelope names, and its data where they name one that is not the subject.
_UNION = "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55"
#: What happened on the eve of the event, by the short names of events that tell of it.
_TOOK_PLACE = {
    "tier": None,
    "starts_at": "2024-03-07T19:00:00+08:00",
    "quota": 40,
    "held_on": "2024-03-07",
    "sessions": 2,
    "attendances": 57,
    "distinct_subjects": 31,
}
#: The same before anybody came.
_AHEAD = {
    "tier": None,
    "starts_at": "2024-03-15T19:00:00+08:00",
    "quota": 40,
    "held_on": None,
    "sessions": 0,
    "attendances": 0,
    "distinct_subjects": 0,
}
#: An enterprise after its first head-count.
_COUNTED = {"federation_id": _UNION, "staff": 490, "women": 190}
#: The event that a correction replaces.
_REPLACED = {"corrects": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c52"}
#: What the data of an event hold where the smallest value would contradict what the event tells.
_TOLD: Mapping[str, Mapping[str, Any]] = {
    "activity_published": {"state": "open", **_AHEAD},
    "activity_cancelled": {"state": "cancelled", **_AHEAD},
    "activity_held": {**_TOOK_PLACE, "state": "held", "attendances": 0, "distinct_subjects": 0},
    "activity_closed": {"state": "closed", **_TOOK_PLACE},
    "activity_corrected": {"state": "closed", **_TOOK_PLACE, **_REPLACED},
    "activity_voided": {"state": "voided", **_TOOK_PLACE, **_REPLACED},
    "activity_attended": {"session_no": 1, "on": "2024-03-07"},
    "enterprise_registered": _COUNTED,
    "enterprise_renamed": _COUNTED,
    "enterprise_headcount_changed": _COUNTED,
    "office_post_started": {"host": None, "ended_on": None, "ended_reason": None},
    "office_post_ended": {"state": "ended", "host": None, "started_on": "2023-03-08"},
    "party_recommendation_made": {"state": "recommended", "nominated_on": "2024-03-07", "outcome_on": None},
    "party_recommendation_concluded": {
        "state": "accepted",
        "nominated_on": "2024-03-06",
        "recommended_on": "2024-03-07",
    },
    "development_target_total_reported": {"period_from": "2024-01-01", "total": 39},
    "registration_waitlisted": {"state": "waitlisted"},
    "registration_cancelled": {"state": "cancelled"},
    "union_founded": {"superior_id": _UNION, "founded_on": "2024-03-07", "approved_on": None},
    "union_approved": {"superior_id": _UNION, "founded_on": "2024-03-07", "state": "approved"},
}


def sample(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """The smallest telling value; `definitions` are the schemas under `#/components/schemas/`."""
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], definitions)
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].removeprefix(REFERENCE)], definitions)
    for keyword in ("enum", "examples"):
        if schema.get(keyword):
            return schema[keyword][0]
    if "const" in schema:
        return schema["const"]
    return _by_type(schema, definitions)


def sample_event(event_type: EventType) -> dict[str, Any]:
    """A whole event as it travels, with data that fit its name and each other."""
    data: dict[str, Any] = sample(*data_schema(event_type))
    if "union_id" in data and event_type.subject != "union_id":
        data["union_id"] = _UNION
    return build(
        event_type,
        {**data, **_TOLD.get(event_type.name, {})},
        event_id="018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c54",
        sequence=7,
        time=datetime(2024, 3, 8, 1, 30, tzinfo=UTC),
        recorded_time=datetime(2024, 3, 8, 1, 30, 0, 250_000, tzinfo=UTC),
        org_id=_UNION,
        region_code="330110",
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        causation_id="018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c56",
    )


def _by_type(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    types = schema["type"]
    match types if isinstance(types, str) else types[0]:
        case "object":
            return {name: sample(inner, definitions) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [sample(schema["items"], definitions)]
        case "integer":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "string":
            known = _TEXTS.get(schema.get("format") or schema.get("pattern", ""))
            return known or "示例" * max(1, ceil(schema.get("minLength", 0) / 2))
        case other:
            raise TypeError(f"no sample for type {other}")
