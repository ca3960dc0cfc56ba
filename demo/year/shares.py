"""Divides a total into whole shares that add up to it."""

from collections.abc import Sequence


def divide(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Shares by weight, each of at least `least`; what rounding leaves goes to the largest remainders.

    Raises ValueError if the total does not suffice.
    """
    free = total - least * len(weights)
    if free < 0:
        raise ValueError("the total is too small")
    exact = [free * weight / sum(weights) for weight in weights]
    shares = [least + int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: int(exact[place]) - exact[place])
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares
