"""A notice counts for those who may have read it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from kernel.privacy_notices import PrivacyNotice, notices, was_in_use

FIRST, LAST = date(2021, 11, 1), date(2023, 12, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "used"),
    [
        (FIRST, FIRST, True),
        (FIRST - DAY, FIRST - DAY, False),
        (FIRST - DAY, FIRST, True),
        (LAST, LAST, True),
        (LAST, LAST + DAY, True),
        (LAST + DAY, LAST + DAY, False),
        (FIRST - DAY, LAST + DAY, True),
    ],
)
def test_a_notice_was_in_use_if_one_of_the_days_lies_in_its_time(since: date, until: date, used: bool) -> None:
    assert PrivacyNotice("n", FIRST, LAST + DAY).was_in_use(since, until) is used


def test_a_notice_without_an_end_stays_in_use() -> None:
    assert PrivacyNotice("n", FIRST, None).was_in_use(date(2090, 1, 1), date(2090, 1, 1))


def test_the_days_of_a_notice_are_told_with_the_last_one() -> None:
    assert PrivacyNotice("n", FIRST, LAST + DAY).days == "2021-11-01 to 2023-12-31"
    assert PrivacyNotice("n", FIRST, None).days == "from 2021-11-01"


def test_an_unknown_version_was_never_in_use() -> None:
    assert not was_in_use("members-1999-01", date.min, date.max)


def test_from_the_first_notice_on_every_day_has_one() -> None:
    shipped = sorted(notices().values(), key=lambda notice: notice.valid_from)

    assert shipped[-1].valid_to is None
    for earlier, later in pairwise(shipped):
        assert earlier.valid_to is None or later.valid_from <= earlier.valid_to
