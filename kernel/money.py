"""Money is a whole number of fen everywhere; this is the only place where it becomes yuan, or comes from yuan."""

import re
from decimal import Decimal

from kernel.errors import KernelError

#: An amount of money: whole fen, 100 to the yuan.
Fen = int

_YUAN_TEXT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")


class NotAnAmount(KernelError):
    """An amount is written in yuan as digits with at most two decimals."""

    code = "not_an_amount"


def parse_yuan(text: str) -> Fen:
    """Read an amount in yuan, such as "21.90", as fen; a part below one fen is refused, never rounded.

    Raises `NotAnAmount`.
    """
    match = _YUAN_TEXT.fullmatch(text.strip())
    if match is None:
        raise NotAnAmount
    sign, yuan, decimals = match.groups(default="")
    return int(f"{sign}{yuan}{decimals:0<2}")


def to_yuan(fen: Fen) -> Decimal:
    """Give an amount in yuan, exactly."""
    return Decimal(f"{fen}E-2")


def format_yuan(fen: Fen) -> str:
    """Print an amount in yuan with both decimals: 2190 is "21.90"; `parse_yuan` reads it back."""
    return f"{to_yuan(fen):f}"
