"""A mobile number has one spelling, and no carrier's customers are shut out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.mobile import parse


@pytest.mark.parametrize(
    "typed",
    [
        "19900001234",
        "+8619900001234",
        "+86 199 0000 1234",
        "199-0000-1234",
        "199\u30000000\u30001234",
        " １９９００００１２３４ ",
        "＋86-19900001234",
    ],
)
def test_every_usual_spelling_is_one_number(typed: str) -> None:
    assert parse(typed) == "19900001234"


@pytest.mark.parametrize(
    "typed",
    ["", "1990000123", "199000012345", "12900001234", "29900001234", "1990000123a", "+8519900001234", "١9900001234"],
)
def test_what_is_no_mainland_mobile_is_refused(typed: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        parse(typed)
    assert refused.value.code == "mobile_format"
    assert str(refused.value) == "mobile_format"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_prefix_that_a_carrier_may_open_is_refused(number: str) -> None:
    assert parse(number) == number
