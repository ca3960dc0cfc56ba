"""Cursors and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from chassis.paging import decode, decode_id, encode, page
from kernel.ids import new_id

KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@given(KEYS)
def test_a_cursor_gives_back_its_key(key: str) -> None:
    assert decode(encode(key)) == key


@given(st.text(max_size=20))
def test_what_is_no_cursor_of_ours_is_refused_and_never_an_error(text: str) -> None:
    try:
        key = decode(text)
    except Refused as refused:
        assert refused.errors == ({"field": "cursor", "code": "not_a_cursor"},)
    else:
        assert encode(key) == text


@pytest.mark.parametrize("cursor", ["AA", "=", "a b", "YQ==", "ÿ", "_w", encode("\0")])
def test_a_cursor_that_postgresql_could_not_take_or_nobody_made_is_refused(cursor: str) -> None:
    with pytest.raises(Refused):
        decode(cursor)


def test_a_cursor_for_ids_holds_an_id() -> None:
    key = new_id()

    assert str(decode_id(encode(key))) == key
    with pytest.raises(Refused):
        decode_id(encode("seven"))


@given(st.lists(st.integers(), unique=True, max_size=30), st.integers(1, 10))
def test_pages_hold_every_row_once_and_in_order(rows: list[int], limit: int) -> None:
    rows.sort()
    seen: list[int] = []
    after: int | None = None
    while True:
        found = [row for row in rows if after is None or row > after][: limit + 1]
        cut = page(found, limit, key=lambda row: row)
        assert len(cut["items"]) <= limit
        seen += cut["items"]
        if cut["next"] is None:
            break
        after = int(decode(cut["next"]))

    assert seen == rows


@given(st.integers(1, 10))
def test_a_full_last_page_has_no_next(limit: int) -> None:
    assert page(list(range(limit)), limit, key=lambda row: row)["next"] is None
