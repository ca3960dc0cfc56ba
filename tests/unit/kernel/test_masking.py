"""A mask shows what its rule allows and nothing more, whatever it is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import masking
from kernel.identifiers.documents import DocumentKind

OTHER_KINDS = [kind for kind in DocumentKind if kind is not DocumentKind.RESIDENT_ID]
#: No asterisk: in a mask each one hides something.
TEXTS = st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), max_size=30)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("黄丽", "黄*"),
        ("李小娟", "李*娟"),
        ("欧阳小娟", "欧*娟"),
        (" 李小娟　", "李*娟"),
        ("李", "*"),
        ("", "*"),
        ("阿依古丽·买买提", "阿*"),
        ("Maria Lindqvist", "M*"),
        ("Bo", "B*"),
        ("𠮷小娟", "𠮷*"),
    ],
)
def test_a_name_shows_its_first_character_and_a_long_chinese_one_its_last(name: str, shown: str) -> None:
    assert masking.name(name) == shown


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        (DocumentKind.RESIDENT_ID, "330110200203070019", "330110***********9"),
        (DocumentKind.RESIDENT_ID, "51082419880229003X", "510824***********X"),
        (DocumentKind.RESIDENT_ID, "330110200203070", "***************"),
        (DocumentKind.RESIDENT_ID, "", ""),
        (DocumentKind.PASSPORT, "E12345678", "********8"),
        (DocumentKind.TAIWAN_TRAVEL_PERMIT, "12345678", "*******8"),
        (DocumentKind.MILITARY_ID, "1234", "****"),
    ],
)
def test_a_document_shows_as_much_of_its_number_as_its_kind_allows(kind: DocumentKind, number: str, shown: str) -> None:
    assert masking.document(kind, number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("13800001234", "138****1234"), ("1380000123", "**********"), ("8613800001234", "*" * 13)]
)
def test_a_mobile_number_shows_three_and_four_digits_of_eleven(number: str, shown: str) -> None:
    assert masking.mobile(number) == shown


@given(TEXTS)
def test_no_name_shows_more_than_two_of_its_characters_and_always_hides_one(name: str) -> None:
    shown = masking.name(name)
    assert len(shown.replace("*", "")) <= min(2, max(len(name) - 1, 0))
    assert shown.count("*") == 1


@given(HAN, HAN)
def test_two_names_with_the_same_ends_look_alike_however_long_they_are(one: str, other: str) -> None:
    assert masking.name(f"李{one}娟") == masking.name(f"李{other}娟")


@given(TEXTS)
def test_no_resident_id_shows_more_than_seven_characters_at_the_ends(number: str) -> None:
    shown = masking.document(DocumentKind.RESIDENT_ID, number)
    assert len(shown) == len(number)
    assert shown[6:-1] == "*" * len(number[6:-1])
    assert len(shown.replace("*", "")) in {0, 7}


@given(st.sampled_from(OTHER_KINDS), TEXTS)
def test_no_other_document_shows_more_than_its_last_character(kind: DocumentKind, number: str) -> None:
    shown = masking.document(kind, number)
    assert len(shown) == len(number)
    assert shown[:-1] == "*" * len(number[:-1])
    assert not number or shown != number


@given(TEXTS)
def test_no_mobile_number_shows_more_than_seven_digits_at_the_ends(number: str) -> None:
    shown = masking.mobile(number)
    assert len(shown) == len(number)
    assert shown[3:-4] == "*" * len(number[3:-4])
    assert len(shown.replace("*", "")) in {0, 7}
