"""How the headings and cells of a file of members are read."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from contracts import catalogue
from contracts.membership.imports import UploadMembers
from services.membership.imports.columns import HEADINGS, Layout

REQUIRED = ("姓名", "证件号码", "移动电话")
FILLED = ("林小满", "1", "2")


def read(heading: str, text: str) -> tuple[Any, list[str]]:
    """The value of a cell, and the codes of what is wrong with its row."""
    values, faults = Layout((*REQUIRED, heading)).read(2, (*FILLED, text))
    [name] = [name for name, each in HEADINGS.items() if each == heading]
    return values[name], [fault.code for fault in faults]


@pytest.mark.parametrize(
    ("heading", "text", "value"),
    [
        ("出生日期", "1990-03-08", date(1990, 3, 8)),
        ("出生日期", "1990/3/8", date(1990, 3, 8)),
        ("出生日期", "1990.03.08", date(1990, 3, 8)),
        ("出生日期", "19900308", date(1990, 3, 8)),
        ("出生日期", "1990年3月8日", date(1990, 3, 8)),
        ("出生日期", "1990年3月8", date(1990, 3, 8)),
        ("出生日期", "\uff11\uff19\uff19\uff10-\uff13-\uff18", date(1990, 3, 8)),
        ("户籍所在地", "330110", "330110"),
        ("户籍所在地", "余杭区", "330110"),
        ("户籍所在地", "安徽省", "340000"),
        ("是否农民工", "是", True),
        ("是否农民工", "否", False),
        ("民族", "1", "01"),
        ("学历", "本科", "20"),
        ("会籍变化类型", "保留会籍", "3"),
        ("工作单位", "Quarry Lathes", "Quarry Lathes"),
        ("工作单位", "Quarry\u200b Lathes\u200b", "Quarry Lathes"),
        ("所属工会", "Mill\u200b union\u200b", "Mill union"),
        ("会员编号", "", None),
    ],
)
def test_a_cell_is_read_as_people_write_it(heading: str, text: str, value: Any) -> None:
    assert read(heading, text) == (value, [])


@pytest.mark.parametrize(
    ("heading", "text", "code"),
    [
        ("出生日期", "1990-3/8", "not_a_date"),
        ("出生日期", "1990-13-01", "not_a_date"),
        ("出生日期", "90-3-8", "not_a_date"),
        ("出生日期", "1990-03-08 00:00", "not_a_date"),
        ("出生日期", "1901-12-31", "date_range"),
        ("户籍所在地", "下城区", "not_a_region_code"),
        ("户籍所在地", "33011", "not_a_region_code"),
        ("是否农民工", "1", "not_a_boolean"),
        ("民族", "57", "unknown_code"),
        ("工号", "a\tb", "control_character"),
        ("工号", "\ufffd", "damaged_cell"),
    ],
)
def test_a_cell_that_means_nothing_is_told_and_has_no_value(heading: str, text: str, code: str) -> None:
    assert read(heading, text) == (None, [code])


@given(st.sampled_from(sorted(set(HEADINGS.values()) - set(REQUIRED))), st.text(max_size=60))
def test_whatever_stands_in_a_cell_is_read_or_told_by_a_code_with_words(heading: str, text: str) -> None:
    _, codes = read(heading, text)

    assert set(codes) <= catalogue.entries().keys()


def test_a_row_tells_all_that_is_wrong_and_shows_no_value() -> None:
    values, faults = Layout((*REQUIRED, "性别")).read(7, ("", "", "19900001234", "妇"))

    assert [(fault.row, fault.field, fault.code) for fault in faults] == [
        (7, "姓名", "required"),
        (7, "证件号码", "required"),
        (7, "性别", "unknown_code"),
    ]
    assert values["mobile"] == "19900001234"
    assert not any("妇" in str(fault) for fault in faults)


def test_the_published_description_names_every_heading() -> None:
    described = UploadMembers.operation.description

    assert [heading for heading in HEADINGS.values() if heading not in described] == []


def test_a_heading_is_known_by_its_star_and_spaces_too_and_what_nobody_needs_is_passed_over() -> None:
    headings = ("序号", "姓 名*", "*证件号码", "移动电话", "", "籍贯")

    values, faults = Layout(headings).read(2, ("1", *FILLED, "", "安徽"))

    assert (values["name"], values["document_no"], values["mobile"]) == FILLED
    assert (faults, "安徽" in values.values()) == ([], False)


@pytest.mark.parametrize(
    ("headings", "code", "field"),
    [
        ((*REQUIRED, "李娟"), "unknown_column", "D"),
        ((*REQUIRED, *[""] * 24, "李娟"), "unknown_column", "AB"),
        (("李娟", "110101"), "unknown_column", "A"),
        ((*REQUIRED, "姓名"), "given_twice", "姓名"),
        (REQUIRED[1:], "missing_column", "姓名"),
        ((), "missing_column", "姓名"),
    ],
)
def test_headings_that_do_not_fit_are_told_without_what_may_be_a_persons_data(
    headings: tuple[str, ...], code: str, field: str
) -> None:
    with pytest.raises(Refused) as raised:
        Layout(headings)

    assert (raised.value.code, raised.value.field) == (code, field)
    assert "李娟" not in str(raised.value.to_wire())


@pytest.mark.parametrize(
    ("heading", "quoted"),
    [
        ("联系电话", True),
        ("ID number", True),
        ("Mobile", True),
        ("姓名;证件号码;移动电话", True),
        ("欧阳满满", False),
        ("Sexton", False),
        ("李娟;330199199003080024", False),
        ("姓名：李娟", False),
        ("编号7", False),
        ("姓名\u200b", False),
    ],
)
def test_a_heading_is_quoted_where_it_can_be_nothing_else_and_those_that_are_known_are_named(
    heading: str, quoted: bool
) -> None:
    with pytest.raises(Refused) as raised:
        Layout(("姓名", heading))

    params = raised.value.params
    assert params["column"] == (f"B “{heading}”" if quoted else "B")
    assert params["known"].split(", ") == list(HEADINGS.values())


def test_a_column_that_is_missing_is_named_with_those_that_must_be_there() -> None:
    with pytest.raises(Refused) as raised:
        Layout(("姓名", "证件号码"))

    assert raised.value.params == {"column": "移动电话", "known": ", ".join(REQUIRED)}
