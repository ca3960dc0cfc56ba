"""Shows and decides on dead letters: what no handler could take, with who decided what, when and why."""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from chassis.errors import Refused
from chassis.operator import Operator
from contracts import registry
from unionctl.errors import PlatformError
from unionctl.platform import Platform

console = Console()


class NoOpenLetter(PlatformError):
    """There is no open dead letter of that id in that service."""


@click.group("dead")
def dead() -> None:
    """List, show, replay or discard events that could not be handled."""


@dead.command("list")
@click.option("--state", type=click.Choice(("open", "replayed", "discarded")), default="open", show_default=True)
@click.pass_obj
def list_letters(platform: Platform, state: str) -> None:
    """List the dead letters of every service."""
    table = Table("service", "id", "event", "type", "reason", "error", "attempts", "died")
    with _operator(platform) as operator:
        for service in registry.subscriptions():
            for row in operator.call(f"{service}.list_dead_letters", state=state):
                shown = ("id", "event_id", "event_type", "reason", "error", "attempts", "died_at")
                table.add_row(service, *(str(row[name]) for name in shown))
    console.print(table)


@dead.command()
@click.argument("service")
@click.argument("letter")
@click.pass_obj
def show(platform: Platform, service: str, letter: str) -> None:
    """Print one dead letter with its body."""
    with _operator(platform) as operator:
        found: Mapping[str, Any] = operator.call(f"{service}.show_dead_letter", letter_id=letter)
    for name, value in found.items():
        console.print(f"[bold]{name}[/bold]  {value}", soft_wrap=True)


@dead.command()
@click.argument("service")
@click.argument("letters", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why it can be handled now; kept with the letter.")
@click.pass_obj
def replay(platform: Platform, service: str, letters: tuple[str, ...], reason: str) -> None:
    """Put events back into the service's queue under their own ids."""
    with _operator(platform) as operator:
        for letter in letters:
            event_id = operator.call(
                f"{service}.replay_dead_letter", letter_id=letter, operator=getpass.getuser(), reason=reason
            )
            console.print(f"{event_id} is on its way home")


@dead.command()
@click.argument("service")
@click.argument("letters", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why it is given up for good; kept with the letter.")
@click.pass_obj
def discard(platform: Platform, service: str, letters: tuple[str, ...], reason: str) -> None:
    """Give events up for good."""
    with _operator(platform) as operator:
        for letter in letters:
            operator.call(f"{service}.discard_dead_letter", letter_id=letter, operator=getpass.getuser(), reason=reason)
            console.print(f"{letter} is discarded")


@contextmanager
def _operator(platform: Platform) -> Iterator[Operator]:
    try:
        with Operator(platform.amqp_uri("unionctl")) as operator:
            yield operator
    except Refused as error:
        raise NoOpenLetter from error
