"""Writes the catalogue of events for people: what each tells, whom it may reach, who listens, and what it holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts import registry
from contracts.declare import EventType
from contracts.generate.convert import NAMES
from contracts.generate.json_schemas import data_schema
from contracts.schema import Schema

_HEAD = """\
# Events

Generated from `contracts` by `python -m docs.generate`; do not edit. How events travel is said in
[wire-format.md](wire-format.md); the schema of each is `contracts/generated/schemas/<service>.<event>.v<major>.json`,
served by the gateway under `/schemas/`."""

#: Rows of a table of fields: what two events have in common when they hold the same.
Rows = tuple[tuple[str, str, str], ...]


def page() -> str:
    """The whole page as Markdown: a table of events for each service, then what they hold."""
    blocks = [_HEAD]
    for service in registry.SERVICES:
        types = [event_type for event_type in registry.events().values() if event_type.service == service]
        if types:
            blocks += [f"## {service}", table(_EVENT_COLUMNS, map(_event_row, types)), *_holdings(types)]
    return "\n\n".join(blocks) + "\n"


_EVENT_COLUMNS = ("Event", "Tells", "Classification", "Listened to by")
_FIELD_COLUMNS = ("Field", "Type", "Remarks")


def _event_row(event_type: EventType) -> tuple[str, ...]:
    listeners = [name for name, named in registry.subscriptions().items() if event_type in named]
    return (
        f"`{event_type.routing_key}`",
        event_type.summary,
        event_type.classification,
        ", ".join(listeners) or "nobody",
    )


def _holdings(types: Iterable[EventType]) -> Iterator[str]:
    """A table for each set of fields, under the names of the events that hold it."""
    same: defaultdict[Rows, list[str]] = defaultdict(list)
    for event_type in types:
        same[_fields(event_type)].append(f"`{event_type.routing_key}`")
    for rows, names in same.items():
        yield f"### Fields of {', '.join(names)}"
        yield table(_FIELD_COLUMNS, rows)


def _fields(event_type: EventType) -> Rows:
    schema, _ = data_schema(event_type)
    required = schema.get("required", ())
    return tuple(
        (f"`{name}`", _type(inner), "; ".join(_remarks(event_type.schema, name, inner, name in required)))
        for name, inner in schema["properties"].items()
    )


def _type(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", "object")
    named = [types] if isinstance(types, str) else types
    first = schema.get("format") or named[0]
    return " or ".join([first, *named[1:]])


def _remarks(event: type[Schema], name: str, schema: Mapping[str, Any], required: bool) -> Iterator[str]:
    if not required:
        yield "may be absent"
    if schema.get("x-personal"):
        yield "pseudonym of a person"
    if codes := schema.get("examples"):
        named = ", named in [codes.md](codes.md)" if NAMES in schema else ""
        yield f"open list{named}: " + ", ".join(f"`{code}`" for code in codes)
    metadata = event._declared_fields[name].metadata
    if described := metadata.get("description"):
        yield described


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    heads = list(columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])
