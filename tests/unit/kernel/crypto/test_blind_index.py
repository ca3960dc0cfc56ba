"""A blind index finds every spelling of one number, and nothing else."""

import pytest

from kernel.crypto.blind_index import document_index, mobile_index
from kernel.identifiers.documents import DocumentKind

KEY = b"k" * 32


@pytest.mark.parametrize("typed", ["51082419880229003x", " 51082419880229003X", "５１０８２４１９８８０２２９００３Ｘ"])
def test_a_document_is_found_by_any_spelling(typed: str) -> None:
    stored = document_index(KEY, DocumentKind.RESIDENT_ID, "51082419880229003X")
    assert document_index(KEY, DocumentKind.RESIDENT_ID, typed) == stored


@pytest.mark.parametrize("typed", ["+8619900001234", "199-0000-1234", "199 0000 1234"])
def test_a_mobile_number_is_found_by_any_spelling(typed: str) -> None:
    assert mobile_index(KEY, typed) == mobile_index(KEY, "19900001234")


def test_equal_numbers_of_two_kinds_have_two_indexes() -> None:
    number = "19900001"
    kinds = {document_index(KEY, kind, number) for kind in DocumentKind} | {mobile_index(KEY, number)}
    assert len(kinds) == len(DocumentKind) + 1


def test_an_index_depends_on_the_key_and_does_not_hold_the_number() -> None:
    index = mobile_index(KEY, "19900001234")
    assert index != mobile_index(b"x" * 32, "19900001234")
    assert len(index) == 32
    assert b"1990000" not in index
