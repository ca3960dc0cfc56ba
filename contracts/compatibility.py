"""Proves that a released contract only grows, so that nobody outside has to change on the day that we do."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
from jsonschema_rs.canonical import Containment

Document = Mapping[str, Any]

#: What an OpenAPI document may have under a path beside operations.
_METHODS = ("get", "post", "put", "patch", "delete")


def event_faults(released: Document, present: Document) -> Iterator[str]:
    """Say how an event's schema breaks readers of the released version, or readers of its history."""
    if not _covers(released, present):
        yield "readers of the released version would refuse what is sent now"
    if not _covers(present, _closed(released)):
        yield "what was sent under the released version would be refused now"


def openapi_faults(released: Document, present: Document) -> Iterator[str]:
    """Say which routes of a released OpenAPI document are gone, take less or give other things."""
    for path, item in released["paths"].items():
        for method in item.keys() & set(_METHODS):
            now = present["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{method.upper()} {path}: is gone"
            else:
                yield from (
                    f"{method.upper()} {path}: {fault}" for fault in _route(item[method], now, released, present)
                )


def _route(old: Document, new: Document, released: Document, present: Document) -> Iterator[str]:
    if not _covers(_parameters(new, present), _parameters(old, released)):
        yield "parameters that were valid are refused now"
    if not _covers(_body(new, present), _body(old, released)):
        yield "bodies that were valid are refused now"
    for status in _successes(old):
        if status not in _successes(new):
            yield f"no longer answers {status}"
        elif not _covers(_answer(old, status, released), _answer(new, status, present)):
            yield "answers may hold what the released version rules out"


def _parameters(operation: Document, document: Document) -> Document:
    """The parameters as one object, for which the same rules hold as for a body."""
    resolved = [_resolve(parameter, document) for parameter in operation.get("parameters", ())]
    return {
        "type": "object",
        "properties": {f"{each['in']} {each['name']}": each["schema"] for each in resolved},
        "required": [f"{each['in']} {each['name']}" for each in resolved if each.get("required")],
        "additionalProperties": False,
    }


def _resolve(parameter: Document, document: Document) -> Document:
    name = parameter.get("$ref", "").rpartition("/")[2]
    found: Document = document["components"]["parameters"][name] if name else parameter
    return found


def _body(operation: Document, document: Document) -> Document:
    """The body's schema; an operation without one takes the empty object."""
    nothing = {"type": "object", "maxProperties": 0}
    content = operation.get("requestBody", {}).get("content", {})
    return _in(document, content.get("application/json", {}).get("schema", nothing))


def _answer(operation: Document, status: str, document: Document) -> Document:
    content = operation["responses"][status].get("content", {})
    return _in(document, content.get("application/json", {}).get("schema", {}))


def _in(document: Document, schema: Document) -> Document:
    """A schema together with the components that it refers to."""
    return {**schema, "components": {"schemas": document["components"]["schemas"]}}


def _successes(operation: Document) -> list[str]:
    return [status for status in operation["responses"] if status.startswith("2")]


def _covers(wide: Document, narrow: Document) -> bool:
    """Whether `wide` is proven to accept all that `narrow` accepts; what cannot be proven counts as a fault."""
    return _canonical(wide).covers(_canonical(narrow)) == Containment.YES


def _canonical(schema: Document) -> jsonschema_rs.CanonicalSchema:
    return jsonschema_rs.canonicalize(dict(schema), draft=jsonschema_rs.Draft202012, validate_formats=True)


def _closed(schema: Any) -> Any:
    """The same schema for objects that hold nothing else than what it names, as senders make them."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    return {**closed, "additionalProperties": False} if isinstance(schema.get("properties"), dict) else closed
