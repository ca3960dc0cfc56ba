"""Dead letters as an operator without a wide terminal sees and decides on them."""

import json
from collections.abc import Iterator
from typing import Any

import amqp
import pytest

from chassis.topology_names import event_queue
from kernel.ids import new_id
from tests.running.commands import unionctl
from tests.support.broker import put
from unionctl.platform import Platform
from unionctl.processes import wait_until


def listed(platform: Platform, state: str = "open") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(unionctl(platform, "dead", "list", "--json", "--state", state).stdout)
    return rows


@pytest.fixture
def letters(platform: Platform) -> Iterator[list[str]]:
    """Ids of two open dead letters of reporting; none is open afterwards."""
    messages = [amqp.Message(b"{", message_id=new_id(), delivery_mode=2) for _ in range(2)]
    put(platform.broker, messages, key=event_queue("reporting"))
    wait_until(lambda: len(listed(platform)) == 2, 60, "The dead letters do not come.")
    yield [row["id"] for row in listed(platform)]
    if left := [row["id"] for row in listed(platform)]:
        unionctl(platform, "dead", "discard", "reporting", *left, "--reason", "made by a test")


def shared(letters: list[str]) -> int:
    """Characters with which both ids begin: at least those of the time at which they were made."""
    return next(place for place, (one, other) in enumerate(zip(*letters, strict=True)) if one != other)


def beginning(letters: list[str]) -> str:
    """The shortest beginning that the first id shares with no other."""
    return letters[0][: shared(letters) + 1]


def test_a_list_holds_whole_ids_and_whole_errors(platform: Platform, letters: list[str]) -> None:
    lines = unionctl(platform, "dead", "list").stdout.splitlines()
    for row in listed(platform):
        assert f"reporting  {row['id']}" in lines
        assert f"  error    {row['error']}" in lines


def test_a_beginning_that_one_id_has_is_enough(platform: Platform, letters: list[str]) -> None:
    shown = unionctl(platform, "dead", "show", "reporting", beginning(letters))
    assert f"id  {letters[0]}" in shown.stdout.splitlines()

    done = unionctl(platform, "dead", "discard", "reporting", beginning(letters), "--reason", "made [by] a test")
    assert done.stdout == f"{letters[0]} is discarded\n"
    assert "made [by] a test" in unionctl(platform, "dead", "list", "--state", "discarded").stdout
    assert [row["id"] for row in listed(platform)] == letters[1:]


def test_a_letter_that_is_replayed_dies_again(platform: Platform, letters: list[str]) -> None:
    replayed = unionctl(platform, "dead", "replay", "reporting", letters[0], "--reason", "looks good")
    assert "is on its way home" in replayed.stdout
    wait_until(lambda: len(listed(platform)) == 2, 60, "It does not come back.")
    assert letters[0] in {row["id"] for row in listed(platform, "replayed")}


def test_a_beginning_of_several_ids_names_them_and_decides_nothing(platform: Platform, letters: list[str]) -> None:
    both = letters[0][: shared(letters)]
    result = unionctl(platform, "dead", "discard", "reporting", letters[0], both, "--reason", "x")
    assert (result.exit_code, all(letter in result.stderr for letter in letters)) == (1, True)
    assert len(listed(platform)) == 2


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("nonsense", 2),
        ("01", 2),
        pytest.param(new_id() + "0", 2, id="a digit too many"),
        pytest.param(new_id(), 1, id="of nobody"),
    ],
)
@pytest.mark.parametrize("command", [["show"], ["replay", "--reason", "x"], ["discard", "--reason", "x"]])
def test_an_id_of_no_letter_is_refused_in_one_sentence(
    platform: Platform, command: list[str], letter: str, code: int
) -> None:
    name, *options = command
    result = unionctl(platform, "dead", name, *options, "reporting", letter)
    assert (result.exit_code, letter in result.stderr) == (code, True)
    assert "`unionctl dead list` shows them" in result.stderr


def test_a_service_that_has_no_letters_is_refused_before_anybody_is_asked(platform: Platform) -> None:
    result = unionctl(platform, "dead", "show", "membership", new_id())
    assert (result.exit_code, "'events', 'gateway', 'reporting', 'welfare'" in result.stderr) == (2, True)


def test_an_empty_list_says_so(platform: Platform) -> None:
    shown = unionctl(platform, "dead", "list").stdout
    assert shown == "There is no open dead letter in events, gateway, reporting, welfare.\n"
    assert listed(platform) == []
