"""Makes one valid value for a schema, for the examples in the documents and the golden samples of the tests."""

from collections.abc import Mapping
from typing import Any

from contracts.generate.convert import REFERENCE

#: A value for each format and pattern that the field types use.
_TEXTS = {
    "^[0-9a-f]{64}$": "5e" * 32,
    "^[1-9][0-9]{5}$": "330110",
    "uuid": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53",
    "date": "2024-03-08",
    "date-time": "2024-03-08T09:30:00+08:00",
}


def sample(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """The smallest telling value; `definitions` are the schemas under `#/components/schemas/`."""
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].removeprefix(REFERENCE)], definitions)
    for keyword in ("enum", "examples"):
        if schema.get(keyword):
            return schema[keyword][0]
    if "const" in schema:
        return schema["const"]
    return _by_type(schema, definitions)


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
            return _TEXTS.get(schema.get("format") or schema.get("pattern", ""), "示例")
        case other:
            raise TypeError(f"no sample for type {other}")
