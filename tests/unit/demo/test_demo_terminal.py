"""The line that the demo prints under a sentence for each of its figures."""

from typing import Any

import pytest

from unionctl.demo import _proved


def figure(**changes: Any) -> dict[str, Any]:
    return {"code": "K08", "value": "1", "unit": "activities", "denominator": None, "set_hash": "5e" * 32, **changes}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "K08 = 1 activity, proof 5e5e5e5e5e5e5e5e…"),
        ({"value": "37", "unit": "workers"}, "K08 = 37 industrial workers, proof 5e5e5e5e5e5e5e5e…"),
        ({"value": "82400", "unit": "yuan"}, "K08 = 82,400 yuan, proof 5e5e5e5e5e5e5e5e…"),
        (
            {"value": "94.87", "unit": "percent", "numerator": 37, "denominator": 39},
            "K08 = 94.87 % (37 of 39), proof 5e5e5e5e5e5e5e5e…",
        ),
        ({"value": None, "unit": "percent", "set_hash": None}, "K08 is not told"),
    ],
)
def test_a_figure_is_told_with_the_words_that_sentences_have_for_its_unit(changes: dict[str, Any], line: str) -> None:
    assert _proved(figure(**changes)) == line
