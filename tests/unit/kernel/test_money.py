"""Money goes from text to fen and back without losing or inventing a fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import NotAnAmount, format_yuan, parse_yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [("21.90", 2190), ("21.9", 2190), ("57000", 5_700_000), ("0.01", 1), ("-0.05", -5), (" 1000 ", 100_000)],
)
def test_an_amount_in_yuan_is_read_as_fen(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "1.005", "1,000", "1e3", "1.", ".5", "١٢", "12元", "nan", "--1"])
def test_what_is_no_amount_in_yuan_is_refused_and_never_rounded(text: str) -> None:
    with pytest.raises(NotAnAmount) as refused:
        parse_yuan(text)
    assert refused.value.code == "not_an_amount"


@pytest.mark.parametrize(
    ("fen", "printed"), [(2190, "21.90"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (10**12, "10000000000.00")]
)
def test_an_amount_is_printed_in_yuan_with_both_decimals(fen: int, printed: str) -> None:
    assert format_yuan(fen) == printed


@given(st.integers(-(10**15), 10**15))
def test_a_printed_amount_reads_back_as_the_same_fen(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen
