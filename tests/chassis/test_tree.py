"""Where a union stands, in trees of every shape, even those that only a fault can make."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, Uuid, cast, column, select, values

from chassis.tree import DEEPEST, KEPT_FOR, Standing, UnionTree, projected
from tests.chassis.books import Books


def union(number: int) -> UUID:
    return UUID(int=number)


def tree_of(superiors: Mapping[int, int | None]) -> UnionTree:
    """A tree in which each union has the superior that the mapping says."""
    names = ("union_id", "superior_id", "state", "region_code")
    rows = [
        (str(union(one)), None if above is None else str(union(above)), "approved", "330110")
        for one, above in superiors.items()
    ]
    table = values(*(column(name, Text) for name in names), name="rows").data(rows)
    ids = [cast(table.c[name], Uuid).label(name) for name in names[:2]]
    return UnionTree(select(*ids, table.c.state, table.c.region_code))


def reached(books: Books, superiors: Mapping[int, int | None], one: int, roots: Sequence[int]) -> bool | None:
    with books.database.reader.connect() as connection:
        found = tree_of(superiors).standing(connection, union(one), [union(root) for root in roots])
    return None if found is None else found.reached


def below(books: Books, superiors: Mapping[int, int | None], roots: Sequence[int]) -> set[int]:
    with books.database.reader.connect() as connection:
        rows = connection.scalars(tree_of(superiors).below([union(root) for root in roots]))
        return {row.int for row in rows}


def above(books: Books, superiors: Mapping[int, int | None], one: int) -> set[int]:
    with books.database.reader.connect() as connection:
        rows = connection.scalars(tree_of(superiors).above(union(one)))
        return {row.int for row in rows}


#: 1 is above 2 and 3, and 2 above 4; 5 stands alone.
FAMILY = {1: None, 2: 1, 3: 1, 4: 2, 5: None}


@pytest.mark.parametrize(
    ("one", "roots", "expected"),
    [
        (4, [1], True),
        (4, [2], True),
        (4, [4], True),
        (4, [3], False),
        (1, [4], False),
        (4, [], False),
        (4, [5, 2], True),
        (5, [1], False),
        (9, [1], None),
    ],
)
def test_a_union_is_reached_from_itself_and_from_all_above_it(
    books: Books, one: int, roots: list[int], expected: bool | None
) -> None:
    assert reached(books, FAMILY, one, roots) is expected


@pytest.mark.parametrize(
    ("roots", "expected"),
    [([1], {1, 2, 3, 4}), ([2], {2, 4}), ([5], {5}), ([3, 5], {3, 5}), ([], set()), ([9], set())],
)
def test_below_a_union_are_itself_and_all_that_lie_under_it(books: Books, roots: list[int], expected: set[int]) -> None:
    assert below(books, FAMILY, roots) == expected


@pytest.mark.parametrize(("one", "expected"), [(4, {4, 2, 1}), (2, {2, 1}), (1, {1}), (5, {5}), (9, set())])
def test_above_a_union_are_itself_and_all_that_it_lies_under(books: Books, one: int, expected: set[int]) -> None:
    assert above(books, FAMILY, one) == expected


def test_a_tree_that_runs_in_a_circle_ends_above_as_well(books: Books) -> None:
    assert above(books, {1: 2, 2: 1}, 1) == {1, 2}


def test_a_union_whose_superior_is_not_known_here_is_reached_from_it_all_the_same(books: Books) -> None:
    assert reached(books, {2: 1}, 2, [1])


@pytest.mark.parametrize("superiors", [{1: 1}, {1: 2, 2: 1}, {1: 2, 2: 3, 3: 1, 4: 3}])
def test_a_circular_tree_has_an_answer(books: Books, superiors: dict[int, int]) -> None:
    for one in superiors:
        assert reached(books, superiors, one, [one])
        assert not reached(books, superiors, one, [9])
    assert below(books, superiors, [1]) == set(superiors)


def test_the_deepest_union_is_still_reached(books: Books) -> None:
    chain = {number: number - 1 or None for number in range(1, DEEPEST + 2)}

    assert reached(books, chain, DEEPEST + 1, [1])
    assert below(books, chain, [1]) == set(chain)


@settings(max_examples=40)
@given(st.dictionaries(st.integers(1, 8), st.none() | st.integers(1, 8), min_size=1), st.data())
def test_both_questions_agree(books: Books, superiors: dict[int, int | None], data: st.DataObject) -> None:
    """A union is reached from a root exactly where it lies below it, circular trees among them."""
    root = data.draw(st.sampled_from(sorted(superiors)))

    assert below(books, superiors, [root]) == {one for one in superiors if reached(books, superiors, one, [root])}


def test_a_union_tells_its_state_and_region(books: Books) -> None:
    with books.database.reader.connect() as connection:
        standing = tree_of(FAMILY).standing(connection, union(4), [])

    assert standing is not None
    assert (standing.state, standing.region_code) == ("approved", "330110")


class Asked:
    """Counts what a remembering tree looks up, and answers as the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Standing | None) -> None:
        self.answer, self.times = answer, 0
        monkeypatch.setattr(UnionTree, "standing", self._look_up)
        self.tree = projected()

    def ask(self, root: int = 1) -> Standing | None:
        return self.tree.standing(None, union(4), [union(root)])  # type: ignore[arg-type]

    def _look_up(self, *_: object) -> Standing | None:
        self.times += 1
        return self.answer


YES = Standing("approved", "330110", reached=True)


def test_a_yes_is_asked_for_once_in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, YES)

    assert [asked.ask(), asked.ask(), asked.ask(root=2)] == [YES] * 3
    assert asked.times == 2


def test_a_yes_is_not_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, YES)
    asked.ask()
    asked.answer = None

    later = time.monotonic() + KEPT_FOR
    monkeypatch.setattr("chassis.tree.time.monotonic", lambda: later)

    assert asked.ask() is None


@pytest.mark.parametrize("no", [None, replace(YES, reached=False), replace(YES, state="awaiting_approval")])
def test_what_is_not_a_yes_is_looked_up_each_time(monkeypatch: pytest.MonkeyPatch, no: Standing | None) -> None:
    asked = Asked(monkeypatch, no)
    assert asked.ask() == no

    asked.answer = YES

    assert asked.ask() == YES
