"""Who somebody is, from what a form says."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.codes.sex import Sex
from kernel.identifiers.documents import DocumentKind
from kernel.identifiers.resident_id import check_character
from services.membership.register.identity import Identity, NotIdentified, identify

TODAY = date(2023, 9, 30)


def person(**changes: Any) -> dict[str, Any]:
    usual = {"document_kind": "resident_id", "document_no": "330110198512310020", "mobile": "13900001234"}
    return {**usual, "birth_date": None, "sex": None, **changes}


def faults(**changes: Any) -> list[dict[str, Any]]:
    with pytest.raises(NotIdentified) as refused:
        identify(person(**changes), TODAY)
    return [dict(fault) for fault in refused.value.faults]


def test_every_spelling_of_the_numbers_gives_the_one_that_is_stored() -> None:
    found = identify(person(document_no=" 51082419880229003x ", mobile="+86 139-0000-1234"), TODAY)

    assert (found.document.number, found.mobile) == ("51082419880229003X", "13900001234")
    assert (found.document.birth_date, found.document.sex) == (date(1988, 2, 29), Sex.MALE)


def test_a_region_that_the_table_does_not_know_is_no_fault() -> None:
    assert identify(person(document_no="33019919900507001" + check_character("33019919900507001")), TODAY)


def test_nobody_needs_a_mobile_number() -> None:
    assert identify(person(mobile=None), TODAY).mobile is None


def test_an_age_out_of_range_is_told_with_the_limits() -> None:
    other = {"document_kind": "passport", "document_no": "E12345678", "birth_date": date(2010, 1, 1)}

    assert faults(**other) == [{"field": "birth_date", "code": "member_age", "params": {"least": "16", "most": "120"}}]


@pytest.mark.parametrize(("years", "days", "joins"), [(16, 0, True), (16, 1, False), (121, 1, True), (121, 0, False)])
def test_somebody_joins_from_the_sixteenth_birthday_to_the_day_before_the_121st(
    years: int, days: int, joins: bool
) -> None:
    born = TODAY.replace(year=TODAY.year - years) + timedelta(days=days)
    other = person(document_kind="passport", document_no="E12345678", birth_date=born)
    if joins:
        assert identify(other, TODAY).document.birth_date == born
    else:
        assert [fault["code"] for fault in faults(**other)] == ["member_age"]


def test_what_was_read_prints_nothing_of_it() -> None:
    found = identify(person(), TODAY)

    assert "330110" not in repr(found) and "1390000" not in repr(found) and "1985" not in repr(found)


texts = st.text(max_size=20) | st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True)


@given(
    kind=st.sampled_from(DocumentKind),
    number=texts,
    mobile=texts | st.none(),
    birth=st.dates() | st.none(),
    sex=st.sampled_from(Sex) | st.none(),
)
def test_whatever_is_said_is_either_read_or_named_without_its_value(
    kind: DocumentKind, number: str, mobile: str | None, birth: date | None, sex: Sex | None
) -> None:
    said = person(document_kind=kind, document_no=number, mobile=mobile, birth_date=birth, sex=sex)
    try:
        found = identify(said, TODAY)
    except NotIdentified as refused:
        assert refused.faults
        assert {fault["field"] for fault in refused.faults} <= {"document_no", "birth_date", "mobile"}
        assert len(number) < 6 or number not in str(refused)
    else:
        assert isinstance(found, Identity)
        assert found.document.kind is kind
