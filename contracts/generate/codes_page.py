"""Writes the page that names every code: a request holds `13`, and only a list says that this is a courier."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any

import marshmallow

from contracts import fields, registry
from contracts.generate.catalogue_page import table
from kernel.codes.code_list import CodeList
from kernel.privacy_notices import notices

_HEAD = """\
# Codes

Generated from `kernel.codes` and `contracts` by `python -m docs.generate`; do not edit. Requests, answers and events
hold the code; the file of an import may as well hold its Chinese name or what else it is written as."""
_COLUMNS = ("Code", "Chinese", "English", "Also written")
_NOTICES = """\
## Privacy notices

A `consent_version` names the notice that somebody agreed to: one that was in use on a day from the application to the
day on which it is recorded, and for an import on some day until then."""


def page() -> str:
    """The whole page as Markdown: a table for each list that some field holds codes of, then the privacy notices."""
    blocks = [_HEAD]
    for codes, names in sorted(_used().items(), key=lambda each: each[0].__name__):
        held = ", ".join(f"`{name}`" for name in sorted(names))
        blocks += [f"## {codes.__name__}", f"In {held}.", table(_COLUMNS, map(_row, codes))]
    used = ((f"`{notice.version}`", notice.days) for notice in notices().values())
    return "\n\n".join([*blocks, _NOTICES, table(("Version", "In use"), used)]) + "\n"


def _row(code: CodeList) -> tuple[str, ...]:
    return f"`{code.value}`", code.zh, code.en, ", ".join(code.aliases)


def _used() -> dict[type[CodeList], set[str]]:
    """The names of the fields that hold codes of each list."""
    used: defaultdict[type[CodeList], set[str]] = defaultdict(set)
    for name, field in chain.from_iterable(map(_fields, _bodies())):
        if isinstance(field, fields.Code) and field.code_list:
            used[field.code_list].add(name)
    return used


def _bodies() -> Iterator[marshmallow.Schema]:
    for operation in registry.operations().values():
        yield from (body() for body in (operation.request, operation.reply) if body)
    yield from (event_type.schema() for event_type in registry.events().values())


def _fields(schema: marshmallow.Schema) -> Iterator[tuple[str, marshmallow.fields.Field[Any]]]:
    """Every field of an object and of those in it."""
    for name, field in schema.fields.items():
        held = field.inner if isinstance(field, fields.Many) else field
        yield name, held
        if isinstance(held, fields.Part):
            yield from _fields(held.schema)
