"""Calls in threads: a few at a time, some that wait, and the rest told at once."""

from collections.abc import Callable
from typing import Any

import pytest
from eventlet.semaphore import Semaphore

from chassis import offload
from chassis.offload import Overloaded


@pytest.fixture(autouse=True)
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    monkeypatch.setattr("eventlet.tpool.execute", call)
    monkeypatch.setattr(offload, "_places", Semaphore(2))


def nested(depth: int) -> int:
    """So many calls at the same time."""
    return depth if depth == 0 else 1 + offload.offload(nested, depth - 1)


def test_a_call_gives_its_result() -> None:
    assert offload.offload(divmod, 7, 2) == (3, 1)


def test_one_call_too_many_is_told_and_the_others_go_on() -> None:
    assert nested(2) == 2
    with pytest.raises(Overloaded):
        nested(3)
    assert nested(2) == 2


def test_a_call_that_fails_leaves_its_place() -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            offload.offload(divmod, 1, 0)
