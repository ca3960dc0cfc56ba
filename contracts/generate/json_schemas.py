"""Makes the JSON Schema of each event's `data` and of the envelope around it, one file per major version."""

import json
from typing import Any

from contracts import registry
from contracts.declare import EventType
from contracts.generate.convert import REFERENCE, Converter
from contracts.generate.envelope_schema import envelope_schema
from contracts.validation import ENVELOPE_FILE, ENVELOPE_ID, file_name

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def files() -> dict[str, dict[str, Any]]:
    """Every schema by file name."""
    envelope = {"$schema": _DIALECT, "$id": ENVELOPE_ID, **envelope_schema()}
    return {ENVELOPE_FILE: envelope, **{file_name(each): _event(each) for each in registry.events().values()}}


def data_schema(event_type: EventType) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of an event's `data`, and the schemas that it refers to under `#/components/schemas/`."""
    converter = Converter(closed=False)
    schema = converter.convert(event_type.schema)
    described = {"title": f"{event_type.service}.{event_type.name}", "description": event_type.summary, **schema}
    return described, converter.definitions


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
