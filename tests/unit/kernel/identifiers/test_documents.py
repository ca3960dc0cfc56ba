"""Documents other than the resident ID are accepted by their outer form."""

import pytest

from kernel.identifiers.documents import DocumentKind, parse
from kernel.identifiers.errors import InvalidIdentifier


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        (DocumentKind.RESIDENT_ID, "51082419880229003x", "51082419880229003X"),
        (DocumentKind.PASSPORT, "e0000 0001", "E00000001"),
        (DocumentKind.HK_MACAU_TRAVEL_PERMIT, "H00000001", "H00000001"),
        (DocumentKind.HK_MACAU_TRAVEL_PERMIT, "m0000000101", "M0000000101"),
        (DocumentKind.TAIWAN_TRAVEL_PERMIT, "００００００01", "00000001"),
        (DocumentKind.FOREIGN_PERMANENT_RESIDENCE, "USA000000000001", "USA000000000001"),
        (DocumentKind.FOREIGN_PERMANENT_RESIDENCE, "91184019800101001x", "91184019800101001X"),
        (DocumentKind.MILITARY_ID, "军字第 0000001 号", "军字第0000001号"),
    ],
)
def test_a_document_is_accepted_in_its_normal_spelling(kind: DocumentKind, typed: str, number: str) -> None:
    assert parse(kind, typed) == number


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (DocumentKind.RESIDENT_ID, "330110200203070018", "resident_id_check_digit"),
        (DocumentKind.PASSPORT, "E0000000001", "document_form"),
        (DocumentKind.HK_MACAU_TRAVEL_PERMIT, "T00000001", "document_form"),
        (DocumentKind.TAIWAN_TRAVEL_PERMIT, "0000001", "document_form"),
        (DocumentKind.FOREIGN_PERMANENT_RESIDENCE, "811840198001010010", "document_form"),
        (DocumentKind.MILITARY_ID, "?", "document_form"),
        # under two kinds one person would have two memberships
        (DocumentKind.MILITARY_ID, "330110200203070019", "document_form"),
    ],
)
def test_a_document_of_another_form_is_refused(kind: DocumentKind, typed: str, code: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        parse(kind, typed)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", DocumentKind)
def test_an_empty_number_is_refused_for_every_kind(kind: DocumentKind) -> None:
    with pytest.raises(InvalidIdentifier):
        parse(kind, "  ")
