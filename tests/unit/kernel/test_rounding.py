"""Rounding is half-up on the exact value, and a share of nothing is refused."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.rounding import ZeroDenominator, exact_percent, half_up, percent


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "printed"),
    [
        (37, 39, 2, "94.87"),
        (77, 490, 1, "15.7"),
        (77, 493, 1, "15.6"),
        (85, 85, 0, "100"),
        (87, 96, 2, "90.63"),
        (83, 85, 2, "97.65"),
        (2, 3, 2, "66.67"),
        (0, 7, 2, "0.00"),
    ],
)
def test_a_percentage_is_printed_half_up(numerator: int, denominator: int, digits: int, printed: str) -> None:
    assert str(percent(numerator, denominator, digits)) == printed


@pytest.mark.parametrize("of_nothing", [lambda: percent(0, 0, 2), lambda: exact_percent(Decimal(3), Decimal(0))])
def test_a_share_of_nothing_is_refused_by_name(of_nothing: Callable[[], object]) -> None:
    with pytest.raises(ZeroDenominator) as refused:
        of_nothing()
    assert refused.value.code == "zero_denominator"


def test_an_exact_percentage_keeps_what_printing_would_round_away() -> None:
    assert exact_percent(9_999, 10_000) == Fraction("99.99")
    assert str(percent(9_999, 10_000, 0)) == "100"


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.125", 2, "0.13"),
        ("-0.124", 2, "-0.12"),
    ],
)
def test_a_tie_goes_away_from_zero(value: str, digits: int, rounded: str) -> None:
    assert str(half_up(Decimal(value), digits)) == rounded


def test_a_value_just_under_a_tie_goes_down_even_where_decimal_has_cut_it_to_the_tie() -> None:
    just_under_half = Fraction(1, 2) - Fraction(1, 10**40)
    assert half_up(just_under_half, 0) == 0
    assert half_up(Fraction(10**40, 2 * 10**40 + 1), 0) == 0


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(0, 5))
def test_half_up_agrees_with_decimal_where_decimal_is_exact(value: Decimal, digits: int) -> None:
    assert half_up(value, digits) == value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
