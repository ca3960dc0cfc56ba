"""A figure is rounded once, half-up and only when it is printed; rounding up or half-even would misprint the report."""

from decimal import Decimal
from fractions import Fraction

from kernel.errors import KernelError

#: A number whose value is exact; floats are not.
Exact = int | Decimal | Fraction

_HALF = Fraction(1, 2)


class ZeroDenominator(KernelError):
    """A share of nothing has no value; leave the sentence out and list it as not printed."""

    code = "zero_denominator"


def half_up(value: Exact, digits: int) -> Decimal:
    """Round `value` to `digits` decimals, a tie away from zero.

    The tie is judged on the exact fraction: a quotient that Decimal has already cut to its precision could look like
    a tie that it is not.
    """
    exact = Fraction(value)
    units = int(abs(exact) * 10**digits + _HALF)
    return Decimal(f"{'-' if exact < 0 else ''}{units}E-{digits}")


def percent(numerator: Exact, denominator: Exact, digits: int) -> Decimal:
    """Give 100 x numerator / denominator, half-up to `digits` decimals: `percent(37, 39, 2)` is 94.87.

    Raises `ZeroDenominator`.
    """
    return half_up(exact_percent(numerator, denominator), digits)


def exact_percent(numerator: Exact, denominator: Exact) -> Fraction:
    """Give 100 x numerator / denominator unrounded, for rules that must not be decided on a printed figure.

    Raises `ZeroDenominator`.
    """
    if denominator == 0:
        raise ZeroDenominator
    return 100 * Fraction(numerator) / Fraction(denominator)
