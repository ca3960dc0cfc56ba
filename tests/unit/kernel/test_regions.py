"""Region codes have a history, and a province is told by its first two digits even where the county is unknown."""

from datetime import date

import pytest

from kernel.regions import MalformedRegionCode, is_known, is_out_of_province, regions

PROVINCE_LEVEL_UNITS = 34


@pytest.mark.parametrize(
    ("code", "out"),
    [("330110", False), ("330199", False), ("339999", False), ("510824", True), ("810000", True), ("830000", True)],
)
def test_a_region_is_out_of_province_by_its_first_two_digits(code: str, out: bool) -> None:
    assert is_out_of_province(code, "33") is out


@pytest.mark.parametrize(
    ("code", "province"), [("33011", "33"), ("33011X", "33"), ("", "33"), ("330110", "330000"), ("330110", "")]
)
def test_a_malformed_code_is_refused_and_not_taken_for_another_province(code: str, province: str) -> None:
    with pytest.raises(MalformedRegionCode) as refused:
        is_out_of_province(code, province)
    assert refused.value.code == "region_code_malformed"


@pytest.mark.parametrize("code", ["330110", "330113", "330114", "330103", "330104", "330000", "810000", "830000"])
def test_present_and_abolished_regions_are_known(code: str) -> None:
    assert is_known(code)


@pytest.mark.parametrize("code", ["330199", "990000", "", "33011"])
def test_a_code_that_was_never_assigned_is_not_known(code: str) -> None:
    assert not is_known(code)


@pytest.mark.parametrize(
    ("code", "on", "valid"),
    [
        ("330104", date(2021, 4, 8), True),
        ("330104", date(2021, 4, 9), False),
        ("330114", date(2021, 4, 8), False),
        ("330114", date(2021, 4, 9), True),
        ("330110", date(1990, 1, 1), True),
        ("330110", date(2023, 9, 30), True),
    ],
)
def test_a_region_holds_from_its_founding_to_the_day_of_its_abolition(code: str, on: date, valid: bool) -> None:
    assert regions()[code].is_valid(on) is valid


def test_every_province_is_there_and_every_row_says_how_certain_it_is() -> None:
    rows = regions().values()
    assert sum(row.code.endswith("0000") and row.code != "830000" for row in rows) == PROVINCE_LEVEL_UNITS
    assert all(row.certainty in {"V", "V2", "MH", "MM", "ML"} and row.name and row.source for row in rows)
