"""Pauses grow, stay within their bounds, and begin anew."""

import eventlet
import pytest

from chassis.backoff import Backoff


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(eventlet, "sleep", slept.append)
    return slept


def test_each_pause_is_about_twice_the_last_until_the_longest(slept: list[float]) -> None:
    backoff = Backoff(0.1, 0.5)
    for _ in range(5):
        backoff.pause()
    assert all(
        0.5 * about <= seconds <= 1.5 * about for seconds, about in zip(slept, (0.1, 0.2, 0.4, 0.5, 0.5), strict=True)
    )


def test_after_a_success_pauses_are_short_again(slept: list[float]) -> None:
    backoff = Backoff(0.1, 10)
    for _ in range(5):
        backoff.pause()
    backoff.reset()
    backoff.pause()
    assert slept[-1] <= 0.15


def test_two_loops_do_not_come_back_at_the_same_moment(slept: list[float]) -> None:
    for _ in range(20):
        Backoff(1, 1).pause()
    assert len(set(slept)) > 1
