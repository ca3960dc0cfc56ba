"""Describes the CloudEvents envelope of every event for readers that are not ours."""

from typing import Any

from contracts.declare import Classification
from contracts.envelope import SEQUENCE_DIGITS, SPEC_VERSION

#: Attributes that an envelope may lack.
_OPTIONAL = {"traceparent", "causationid"}


def envelope_schema() -> dict[str, Any]:
    """The schema of the envelope; what `data` must hold is said by the schema that `dataschema` names."""
    properties = _properties()
    return {
        "title": "envelope",
        "description": "The envelope of every domain event: CloudEvents 1.0 in structured mode.",
        "type": "object",
        "properties": properties,
        "required": sorted(properties.keys() - _OPTIONAL),
    }


def _properties() -> dict[str, Any]:
    uuid = {"type": "string", "format": "uuid", "examples": ["018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53"]}
    text = {"type": "string", "minLength": 1, "maxLength": 200}
    moment = {"type": "string", "format": "date-time", "examples": ["2024-03-08T09:30:00+08:00"]}
    return {
        "specversion": {"const": SPEC_VERSION},
        "id": {**uuid, "description": "UUIDv7; the same id is the same fact, also in another major version"},
        "source": {**text, "description": "URN of the owning service"},
        "type": {**text, "description": "`cn.unionhall.<service>.<event>.v<major>`"},
        "subject": {**text, "description": "Id of the aggregate"},
        "time": {**moment, "description": "Business time, +08:00"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {**text, "description": "`$id` of the schema of `data`"},
        "sequence": {
            "type": "string",
            "pattern": f"^[0-9]{{{SEQUENCE_DIGITS}}}$",
            "description": "Counts the events of the subject; gaps are normal, older than the newest is history",
            "examples": ["000000000007"],
        },
        "partitionkey": {**text, "description": "Events with the same key keep their order on the way"},
        "orgid": {**uuid, "description": "The union that the event belongs to"},
        "regioncode": {
            "type": "string",
            "pattern": "^[1-9][0-9]{5}$",
            "description": "County of that union, GB/T 2260",
            "examples": ["330110"],
        },
        "recordedtime": {**moment, "description": "When the platform recorded it, +08:00"},
        "dataclassification": {"type": "string", "examples": [each.value for each in Classification]},
        "traceparent": {
            "type": "string",
            "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
            "description": "W3C Trace Context of the request behind the event",
            "examples": ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
        },
        "causationid": {**uuid, "description": "Id of the event that this one follows from"},
        "data": {"type": "object"},
    }
