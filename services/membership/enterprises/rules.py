"""What a head-count must be, and which one holds; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date

from kernel.law import Refusal

#: The commands that every enterprise knows.
COMMANDS = ("rename", "headcount")


@dataclass(frozen=True, slots=True)
class Count:
    """How many worked at an enterprise on a day, which is local to Asia/Shanghai."""

    counted_on: date
    staff: int
    women: int


def may_be_reported(count: Count, today: date) -> Refusal | None:
    """Of a day that has come, and women among the staff."""
    if count.counted_on > today:
        return Refusal("date_in_future", "counted_on", params={"today": today.isoformat()})
    return Refusal("more_women_than_staff", "women") if count.women > count.staff else None


def holds(count: Count, latest: date | None) -> bool:
    """Whether a count is the one that holds now: the latest day's, and of one day the last reported."""
    return latest is None or count.counted_on >= latest
