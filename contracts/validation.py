"""Checks a received event against the committed schemas before any code trusts it."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from contracts import registry
from contracts.declare import EventType
from contracts.envelope import source_of

#: `$id` and file name of the envelope's own schema.
ENVELOPE_ID = "urn:unionhall:schema:envelope:v1"
ENVELOPE_FILE = "envelope.v1.json"
#: Characters of an unknown type that an error repeats.
_LONGEST_TYPE = 200


class UnknownEvent(ValueError):
    """No schema is known for the event's type; a second try cannot help."""

    def __init__(self, event_type: str) -> None:
        super().__init__(f"unknown event type: {event_type}")
        self.type = event_type


class InvalidEvent(ValueError):
    """An event does not follow its schema; a second try cannot help. Says where and why, never a value."""

    def __init__(self, event_type: str, path: str, reason: str) -> None:
        super().__init__(f"{event_type} at {path or 'the top'}: {reason}")
        self.type = event_type
        self.path = path
        self.reason = reason


def validate(envelope: Any) -> None:
    """Check a decoded body, envelope and data; raises `UnknownEvent` or `InvalidEvent`."""
    event_type = envelope.get("type") if isinstance(envelope, dict) else None
    if not isinstance(event_type, str) or event_type not in _validators():
        raise UnknownEvent(str(event_type)[:_LONGEST_TYPE])
    validator = _validators()[event_type]
    if not validator.is_valid(envelope):
        raise _refusal(event_type, validator, envelope)


def file_name(event_type: EventType) -> str:
    """File under `contracts/generated/schemas` that holds the schema of an event's data."""
    return f"{event_type.service}.{event_type.name}.v{event_type.version}.json"


def whole(event_type: EventType, reference: Callable[[str], str]) -> dict[str, Any]:
    """The schema of a whole message; `reference` makes a `$ref` from the `$id` of the envelope or the data."""
    own = {
        "type": {"const": event_type.type},
        "source": {"const": source_of(event_type)},
        "dataschema": {"const": event_type.dataschema},
        "data": {"$ref": reference(event_type.dataschema)},
    }
    return {"allOf": [{"$ref": reference(ENVELOPE_ID)}, {"type": "object", "properties": own}]}


@cache
def _validators() -> Mapping[str, jsonschema_rs.Validator]:
    types = registry.events()
    names = (ENVELOPE_FILE, *map(file_name, types.values()))
    folder = files("contracts").joinpath("generated", "schemas")
    schemas = [json.loads(folder.joinpath(name).read_text("utf-8")) for name in names]
    known = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas])
    return {name: _validator(whole(event_type, str), known) for name, event_type in types.items()}


def _validator(schema: dict[str, Any], known: jsonschema_rs.Registry) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(schema, registry=known, validate_formats=True)


def _refusal(event_type: str, validator: jsonschema_rs.Validator, envelope: Any) -> InvalidEvent:
    error = next(iter(validator.iter_errors(envelope)))
    path = ".".join(map(str, error.instance_path))
    missing = getattr(error.kind, "property", None)
    return InvalidEvent(event_type, path, f"{missing} is missing" if missing else str(error.schema_path[-1]))
