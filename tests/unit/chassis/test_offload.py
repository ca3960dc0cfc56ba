"""Calls in threads: a few at a time, some that wait, and the rest told at once."""

from collections.abc import Callable
from typing import Any

import pytest
from eventlet.semaphore import Semaphore

from chassis import offload
from chassis.offload import Overloaded, place


@pytest.fixture(autouse=True)
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    monkeypatch.setattr("eventlet.tpool.execute", call)
    monkeypatch.setattr(offload, "_places", Semaphore(2))


def nested(depth: int) -> int:
    """So many calls at the same time."""
    if depth == 0:
        return 0
    with place() as run:
        return 1 + run(nested, depth - 1)


def test_a_call_gives_its_result() -> None:
    with place() as run:
        assert run(divmod, 7, 2) == (3, 1)


def test_one_call_too_many_is_told_and_the_others_go_on() -> None:
    assert nested(2) == 2
    with pytest.raises(Overloaded):
        nested(3)
    assert nested(2) == 2


def test_whoever_holds_a_place_runs_what_it_likes_one_after_the_other() -> None:
    with place() as first, place() as second:
        assert [run(divmod, 7, 2) for run in (first, second, first)] == [(3, 1)] * 3
        with pytest.raises(Overloaded), place():
            pytest.fail("there is no third place")


def test_a_call_that_fails_leaves_its_place() -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), place() as run:
            run(divmod, 1, 0)
