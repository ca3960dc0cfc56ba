"""Puts a schema of the OpenAPI document into words: each field with its form, its limits and what it is for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.fields import MAX_INTEGER

Json = Mapping[str, Any]

#: What a value of each format or type is called.
_FORMS = {
    "uuid": "UUID",
    "date": "date",
    "date-time": "moment",
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
}
#: The keywords of each kind of limit, and what it counts.
_LIMITS = (
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
    ("minimum", "maximum", ""),
)

#: What the pattern of free text holds: it only rules out what nobody can see.
_FREE = r"\u0000"


@dataclass(frozen=True, slots=True)
class Row:
    """One field. `name` leads to it: `attendances[].worker_category`."""

    name: str
    form: str
    about: str


def rows(api: Json, schema: Json, prefix: str = "") -> Iterator[Row]:
    """Every field of an object, each followed by those that it holds."""
    whole = resolved(api, schema)
    for name, given in whole.get("properties", {}).items():
        yield from _field(api, prefix + name, given, required=name in whole.get("required", ()))


def row(api: Json, name: str, schema: Json, *, required: bool, about: str = "") -> Row:
    """One field by itself; `about` where something else than the schema describes it."""
    field = resolved(api, schema)
    null = " or null" if {"type": "null"} in schema.get("anyOf", ()) else ""
    form = _form(api, field) + null + ("" if required else ", optional")
    described = (about or field.get("description", "")).removesuffix(".")
    return Row(name, form, ": ".join(part for part in (described, _choices(field)) if part))


def resolved(api: Json, node: Json) -> Json:
    """What a reference stands for, or one of the alternatives that is not null; anything else as it is."""
    found: Any = node
    for alternative in node.get("anyOf", ()):
        if alternative.get("type") != "null":
            return resolved(api, alternative)
    if reference := node.get("$ref"):
        found = api
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    target: Json = found
    return target


def _field(api: Json, name: str, given: Json, *, required: bool) -> Iterator[Row]:
    yield row(api, name, given, required=required)
    field = resolved(api, given)
    yield from rows(api, field.get("items", {}), f"{name}[].")
    yield from rows(api, field, f"{name}.")


def _form(api: Json, field: Json) -> str:
    given = field.get("type", "object")
    types = [given] if isinstance(given, str) else given
    words = [_FORMS[field.get("format", each) if each == "string" else each] for each in types if each != "null"]
    words += [limit for low, high, unit in _LIMITS if (limit := _limit(field.get(low), field.get(high), unit))]
    words += [f"by default {field['default']}"] if field.get("default") is not None else []
    items = f"; each: {_form(api, resolved(api, field['items']))}" if "items" in field else ""
    return ", ".join(words) + items + (" or null" if "null" in types else "")


def _limit(low: int | None, high: int | None, unit: str) -> str:
    if high is None or high == MAX_INTEGER:
        return f"from {low}{unit}" if low else ""
    return f"{low or 0}–{high}{unit}"


def _choices(field: Json) -> str:
    """The values of a code list with their names, else the pattern, unless it is that of free text."""
    names = field.get("x-enumDescriptions", {})
    values = [value for value in field.get("enum") or field.get("examples", ()) if value is not None]
    pattern = field.get("pattern", _FREE)
    shown = [(f"`{value}`", names.get(value)) for value in values or [pattern] if _FREE not in str(value)]
    return "; ".join(f"{code} {name}" for code, name in shown) if names else ", ".join(code for code, _ in shown)
