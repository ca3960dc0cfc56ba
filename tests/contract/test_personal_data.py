"""What tells who somebody is leaves membership by masks alone, and events do not carry even these."""

from collections.abc import Iterator
from typing import Any

import marshmallow
import pytest

from contracts import fields, registry
from contracts.schema import Schema

#: Names that only a person's own data have, whatever their type.
PERSONAL = {"document_no", "mobile", "phone", "birth_date", "address", "bank_account", "political_status", "photo"}
#: What a thing that is not a person has too; in an object about a person it is personal.
AMBIGUOUS = {"name", "short_name", "full_name", "title"}
#: A field that says that its object is about one person.
ABOUT_A_PERSON = {"subject_key", "document_kind", "document_no", "employee_no"}

VIEWS = {one.wire_name: one.reply for one in registry.operations().values() if one.reply is not None}
EVENTS = {one.type: one.schema for one in registry.events().values()}


def leaves(schema: marshmallow.Schema, path: str = "") -> Iterator[tuple[str, str, Any, bool]]:
    """Path, name and type of every field that is no object itself, and whether its object is about a person."""
    about_a_person = not ABOUT_A_PERSON.isdisjoint(schema.fields)
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.Many) else field
        if isinstance(inner, fields.Part):
            yield from leaves(inner.schema, f"{path}{name}.")
        else:
            yield f"{path}{name}", name, inner, about_a_person


def clear(schema: type[Schema]) -> set[str]:
    """The fields that show a person's value as it is."""
    found = set()
    for path, name, field, about_a_person in leaves(schema()):
        named = name in PERSONAL or (about_a_person and name in AMBIGUOUS)
        marked = field.metadata.get("personal") and not isinstance(field, fields.SubjectKey)
        if (named or marked) and not isinstance(field, fields.Masked):
            found.add(path)
    return found


def masked(schema: type[Schema]) -> set[str]:
    return {path for path, _, field, _ in leaves(schema()) if isinstance(field, fields.Masked)}


@pytest.mark.parametrize("operation", VIEWS)
def test_no_view_shows_a_personal_value_as_it_is(operation: str) -> None:
    assert clear(VIEWS[operation]) == set()


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_carries_a_personal_value_not_even_masked(event: str) -> None:
    assert clear(EVENTS[event]) | masked(EVENTS[event]) == set()


def test_the_views_of_people_do_show_masks() -> None:
    assert masked(VIEWS["membership.get_member"]) == {"name", "document_no", "mobile"}
    assert masked(VIEWS["membership.list_applications"]) == {"items.name", "items.document_no"}


class _Person(Schema):
    subject_key = fields.SubjectKey()
    name = fields.Text()


class _Careless(Schema):
    note = fields.Personal()
    mobile = fields.Text()
    union = fields.Part(Schema.from_dict({"name": fields.Text()}))
    people = fields.Many(fields.Part(_Person))


def test_a_careless_view_would_be_found() -> None:
    assert clear(_Careless) == {"note", "mobile", "people.name"}
