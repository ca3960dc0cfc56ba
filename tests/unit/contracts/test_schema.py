"""What every schema has in common."""

import gc
import string
import weakref
from collections.abc import Iterator

import marshmallow
import pytest

from contracts import catalogue, fields
from contracts.schema import Schema, field_errors


class Line(Schema):
    """A line."""

    text = fields.Text(required=True)


class Page(Schema):
    """A page."""

    lines = fields.Many(fields.Part(Line), required=True)


class Remembered(list[str]):
    """A list that can be asked whether it is still there."""


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_a_refused_request_does_not_stay_in_memory() -> None:
    body = Remembered(["much"])
    there = weakref.ref(body)
    with pytest.raises(marshmallow.ValidationError):
        Page().load({"lines": [{"text": body}], "unknown": body})
    del body
    assert there() is None


@pytest.mark.parametrize(
    ("field", "bad", "code", "params"),
    [
        (fields.Text(longest=5), "sixsix", "text_length", {"least": "1", "most": "5"}),
        (fields.Secret(longest=5), "sixsix", "text_length", {"least": "1", "most": "5"}),
        (fields.Count(1, 366), 367, "number_range", {"least": "1", "most": "366"}),
        (fields.Many(fields.Flag(), longest=1), [True, False], "list_length", {"least": "0", "most": "1"}),
        (fields.Code(("study", "film")), "tea", "unknown_code", {"choices": "study, film"}),
    ],
)
def test_what_breaks_a_limit_is_refused_with_the_limit(
    field: marshmallow.fields.Field, bad: object, code: str, params: dict[str, str]
) -> None:
    with pytest.raises(marshmallow.ValidationError) as refused:
        Schema.from_dict({"value": field})().load({"value": bad})

    assert field_errors(refused.value) == [{"field": "value", "code": code, "params": params}]
    assert {name for _, name, _, _ in string.Formatter().parse(catalogue.entry(code).en) if name} == set(params)


def test_an_object_with_far_too_many_fields_is_refused_for_some_of_them() -> None:
    with pytest.raises(marshmallow.ValidationError) as refused:
        Page().load({"lines": "bad", **{f"unknown_{number}": 0 for number in range(100_000)}})

    told = field_errors(refused.value)
    assert {row["code"] for row in told} == {"unknown_field"}
    assert len(told) == 10
