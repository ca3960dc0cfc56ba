"""Makes the JSON Schema of each event's `data` and of the envelope around it, one file per major version."""

import json
from typing import Any

from contracts import registry
from contracts.declare import Classification, EventType
from contracts.envelope import SEQUENCE_DIGITS, SPEC_VERSION
from contracts.generate.convert import REFERENCE, Converter
from contracts.validation import ENVELOPE_FILE, ENVELOPE_ID, file_name

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: What every envelope holds; each of these may hold more in a later version.
_ALWAYS = [
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "dataschema",
    "sequence",
    "partitionkey",
    "orgid",
    "regioncode",
    "recordedtime",
    "dataclassification",
    "data",
]


def files() -> dict[str, dict[str, Any]]:
    """Every schema by file name."""
    return {ENVELOPE_FILE: _envelope(), **{file_name(each): _event(each) for each in registry.events().values()}}


def data_schema(event_type: EventType) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of an event's `data`, and the schemas that it refers to under `#/components/schemas/`."""
    converter = Converter(closed=False)
    schema = converter.convert(event_type.schema)
    described = {"title": f"{event_type.service}.{event_type.name}", "description": event_type.summary, **schema}
    return described, converter.definitions


def envelope_properties() -> dict[str, Any]:
    """The attributes of the envelope (CloudEvents 1.0 and its extensions) without `data`."""
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
    }


def _event(event_type: EventType) -> dict[str, Any]:
    schema, nested = data_schema(event_type)
    document = {
        "$schema": _DIALECT,
        "$id": event_type.dataschema,
        "x-classification": event_type.classification.value,
        **schema,
    }
    if nested:
        document["$defs"] = nested
    local: dict[str, Any] = json.loads(json.dumps(document).replace(REFERENCE, "#/$defs/"))
    return local


def _envelope() -> dict[str, Any]:
    return {
        "$schema": _DIALECT,
        "$id": ENVELOPE_ID,
        "title": "envelope",
        "description": "The envelope of every domain event: CloudEvents 1.0 in structured mode.",
        "type": "object",
        "properties": {**envelope_properties(), "data": {"type": "object"}},
        "required": sorted(_ALWAYS),
    }
