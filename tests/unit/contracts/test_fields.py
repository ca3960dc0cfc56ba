"""What JSON can say by itself is not taken as text; a path or query string, which has only text, is read first."""

from typing import Any

import pytest
from marshmallow import ValidationError

from contracts import fields


@pytest.mark.parametrize("value", ["12", "", 1.5, True, [], {}, "1e3", "１２"])
def test_a_count_in_json_is_a_number(value: Any) -> None:
    with pytest.raises(ValidationError, match="not_an_integer"):
        fields.Count().deserialize(value)


@pytest.mark.parametrize("value", ["true", "false", 1, 0, "", [], {}])
def test_a_flag_in_json_is_true_or_false(value: Any) -> None:
    with pytest.raises(ValidationError, match="not_a_boolean"):
        fields.Flag().deserialize(value)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (fields.Count(), "12", 12),
        (fields.Count(), "-1", -1),
        (fields.Count(), "1.5", "1.5"),
        (fields.Count(), "１２", "１２"),
        (fields.Count(), "9" * 11, "9" * 11),
        (fields.Flag(), "true", True),
        (fields.Flag(), "false", False),
        (fields.Flag(), "yes", "yes"),
        (fields.Text(), "12", "12"),
        (fields.LocalDate(), "2024-03-08", "2024-03-08"),
    ],
)
def test_a_query_string_means_what_its_field_says(field: fields.Field, text: str, value: Any) -> None:
    assert field.from_text(text) == value
