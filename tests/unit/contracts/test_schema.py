"""What every schema has in common."""

import gc
import weakref
from collections.abc import Iterator

import marshmallow
import pytest

from contracts import fields
from contracts.schema import Schema


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
