"""Whoever types `--help` or `make` reads whole sentences, and what a page says to type is taken."""

import subprocess
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tests.conftest import ROOT
from unionctl.main import main


def groups(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """How each group of commands is called."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from groups(command, *path, name)


@pytest.mark.parametrize("path", list(groups(main)), ids=lambda path: " ".join(path) or "unionctl")
def test_no_line_of_a_list_of_commands_is_cut_off(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*path, "--help"])
    assert told.exit_code == 0
    assert "Commands:" in told.output
    assert "..." not in told.output.partition("Commands:")[2]


def test_make_hands_the_options_of_the_demo_on() -> None:
    command = ("make", "--dry-run", "demo", "ARGS=--small --seed 7")
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "unionctl demo --small --seed 7" in done.stdout


@pytest.mark.parametrize("option", ["--small", "--seed"])
def test_the_options_of_the_demo_are_named_in_the_readme(option: str) -> None:
    assert option in (ROOT / "README.md").read_text("utf-8")
