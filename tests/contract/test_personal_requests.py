"""What tells who somebody is comes in bodies alone: addresses stand in the logs of every proxy on the way."""

from collections.abc import Iterator

import marshmallow
import pytest

from contracts import fields, registry
from contracts.declare import Kind, Operation

ROUTED = {one.wire_name: one for one in registry.operations().values() if one.route is not None}


def in_address(operation: Operation) -> Iterator[marshmallow.fields.Field]:
    """The fields that a client writes into path or query string."""
    assert operation.route is not None
    for name, field in operation.request().fields.items():
        if operation.kind is Kind.QUERY or name in operation.route.parameters:
            yield field


@pytest.mark.parametrize("name", ROUTED)
def test_no_address_holds_a_secret_or_a_personal_value(name: str) -> None:
    found = in_address(ROUTED[name])

    # a subject key names nobody outside membership
    assert [one.name for one in found if isinstance(one, fields.Secret) or _is_personal(one)] == []


def _is_personal(field: marshmallow.fields.Field) -> bool:
    return bool(field.metadata.get("personal")) and not isinstance(field, fields.SubjectKey)


@pytest.mark.parametrize("name", [name for name, one in ROUTED.items() if one.kind is Kind.QUERY])
def test_what_a_query_takes_is_flat(name: str) -> None:
    """So that the look at its fields above has seen all of them."""
    assert not [one.name for one in in_address(ROUTED[name]) if isinstance(one, fields.Part | fields.Many)]
