"""What the days of a tier demand; nothing here reads or writes."""

from datetime import date

from kernel.law import Refusal


def may_be_in_use(valid_from: date, valid_to: date | None) -> Refusal | None:
    """For a day at least; without a last day, until one is named."""
    return None if valid_to is None or valid_from <= valid_to else Refusal("ends_before_start", "valid_to")
