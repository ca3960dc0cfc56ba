"""Failpoints: exact where a test arms them, impossible in production."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import chassis
from chassis import failpoints
from chassis.failpoints import InjectedFault, arm, failpoint


@pytest.fixture(autouse=True)
def disarmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failpoints, "_armed", {})


def passes(place: str, count: int) -> list[bool]:
    """Which of so many passes of a place failed."""

    def failed() -> bool:
        try:
            failpoint(place)
        except InjectedFault:
            return True
        return False

    return [failed() for _ in range(count)]


def test_nothing_happens_where_nothing_is_armed() -> None:
    assert passes("relay.before_mark", 3) == [False] * 3


def test_an_armed_place_fails_at_every_so_many_passes_and_no_other_place_does() -> None:
    arm(["relay.before_mark:fail:3"], production=False)

    assert passes("relay.before_mark", 6) == [False, False, True, False, False, True]
    assert passes("relay.before_publish", 1) == [False]


def test_a_place_can_be_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setitem(failpoints._ACTIONS, "sleep", slept.append)

    arm(["command.before_reply:sleep:1:2.5"], production=False)
    failpoint("command.before_reply")

    assert slept == [2.5]


@pytest.mark.parametrize(
    "specification",
    [
        "", "relay.before_mark", "relay.before_mark:", "relay.before_mark:explode", "relay.somewhere:kill",
        "relay.before_mark:kill:0", "relay.before_mark:kill:x", "relay.before_mark:kill:1:2:3",
    ],
)  # fmt: skip
def test_what_is_misspelt_is_refused_rather_than_ignored(specification: str) -> None:
    with pytest.raises(ValueError, match=r"failpoint|int"):
        arm([specification], production=False)


def test_production_arms_none() -> None:
    with pytest.raises(ValueError, match="production"):
        arm(["relay.before_mark:kill"], production=True)
    assert passes("relay.before_mark", 1) == [False]


def test_every_place_is_passed_somewhere_and_only_places_are() -> None:
    assert sorted(passed_in_the_source()) == sorted(failpoints.PLACES)


def passed_in_the_source() -> Iterator[str]:
    for file in Path(chassis.__path__[0]).glob("*.py"):
        yield from re.findall(r'failpoint\("([\w.]+)"\)', file.read_text())
