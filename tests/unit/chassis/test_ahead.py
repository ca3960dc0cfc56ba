"""Making things ahead: the same things in the same order, one at a time, and nothing left behind."""

from collections.abc import Iterator

import eventlet
import pytest

from chassis.ahead import ahead


def numbers(made: list[int], *, until: int = 3) -> Iterator[int]:
    """Counts, giving the loop to others while it makes each."""
    for number in range(until):
        eventlet.sleep(0)
        made.append(number)
        yield number


def leave_early(made: Iterator[int]) -> None:
    """Take one of them, and fail over it."""
    with ahead(made) as given:
        next(given)
        raise KeyError


def test_things_come_in_their_order_and_none_is_lost() -> None:
    with ahead(numbers([])) as given:
        assert list(given) == [0, 1, 2]
    with ahead(numbers([], until=0)) as given:
        assert list(given) == []


def test_the_next_is_made_while_one_is_in_use_and_no_more_than_that() -> None:
    made: list[int] = []
    with ahead(numbers(made, until=9)) as given:
        for number in given:
            for _ in range(5):
                eventlet.sleep(0)
            assert made == list(range(min(number + 2, 9)))


def test_what_making_one_raises_comes_where_that_one_would_have() -> None:
    def broken() -> Iterator[int]:
        yield 7
        raise LookupError("the file ends here")

    with ahead(broken()) as given:
        assert next(given) == 7
        with pytest.raises(LookupError, match="the file ends here"):
            next(given)


def test_whoever_leaves_early_waits_for_the_one_that_is_being_made() -> None:
    made: list[int] = []
    with pytest.raises(KeyError):
        leave_early(numbers(made, until=9))
    assert made == [0, 1]


def test_a_fault_in_what_nobody_waits_for_any_more_does_not_hide_why_they_left() -> None:
    def broken() -> Iterator[int]:
        yield 7
        raise LookupError

    with pytest.raises(KeyError):
        leave_early(broken())
