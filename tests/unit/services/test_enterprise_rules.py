"""What a head-count must be, and which one holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.membership.enterprises.rules import Count, holds, may_be_reported

TODAY = date(2023, 9, 30)


@pytest.mark.parametrize(
    ("count", "code"),
    [
        (Count(TODAY, 490, 490), None),
        (Count(TODAY, 0, 0), None),
        (Count(TODAY, 490, 491), "more_women_than_staff"),
        (Count(date(2023, 10, 1), 490, 190), "date_in_future"),
    ],
)
def test_a_count_is_of_a_day_that_has_come_and_has_its_women_among_the_staff(count: Count, code: str | None) -> None:
    refusal = may_be_reported(count, TODAY)

    assert (refusal and refusal.code) == code


@given(st.lists(st.builds(Count, st.dates(), st.integers(), st.integers()), min_size=1))
def test_after_any_series_the_last_report_of_the_latest_day_holds(counts: list[Count]) -> None:
    latest: Count | None = None
    for count in counts:
        if holds(count, latest and latest.counted_on):
            latest = count

    last_day = max(count.counted_on for count in counts)
    assert latest == [count for count in counts if count.counted_on == last_day][-1]
