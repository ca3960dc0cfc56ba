"""The main job in one command: the platform up, the year loaded over HTTP, the report's sentence printed."""

import time
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from demo.accounts import ADMINISTRATORS, STAFF
from demo.loader import Loaded, load, steps
from demo.plan import REPORT_DATE, year
from unionctl import display
from unionctl.accounts import make_administrators, passwords
from unionctl.errors import PlatformError
from unionctl.platform import Platform

console = Console()

#: Seconds that the last events may take to become facts.
PATIENCE = 30.0


class FiguresMissing(PlatformError):
    """The year was loaded, but reporting does not know all of it; see `unionctl status` and `unionctl dead list`."""


@click.command()
@click.option("--seed", default=2023, show_default=True, help="Another seed gives another year.")
@click.pass_obj
def demo(platform: Platform, seed: int) -> None:
    """Start everything, load the demo year over HTTP, and print its sentence."""
    with console.status("Starting PostgreSQL, RabbitMQ and the services …"):
        platform.start()
    make_administrators(platform, *ADMINISTRATORS)
    names = [*ADMINISTRATORS, *(username for username, _, _ in STAFF)]
    planned = year(seed)
    columns = (
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("", total=steps(planned))
        loaded = load(
            platform.url,
            passwords(platform, names),
            planned,
            lambda done: bars.update(task, advance=1, description=done),
        )
    figure = _await_figure(loaded, len(planned.activities))
    _show(platform, loaded, figure)


def _await_figure(loaded: Loaded, expected: int) -> Mapping[str, Any]:
    until = time.monotonic() + PATIENCE
    while True:
        figure: Mapping[str, Any] = loaded.staff.analyst.get(
            "/v1/kpis/K01/value", org=loaded.federation_id, as_of=REPORT_DATE.isoformat()
        )
        if figure["numerator"] >= expected:
            return figure
        if time.monotonic() > until:
            raise FiguresMissing
        time.sleep(0.2)


def _show(platform: Platform, loaded: Loaded, figure: Mapping[str, Any]) -> None:
    console.rule(f"{figure['period_from']} – {figure['period_to']}")
    for text in figure["sentence"]["text"].values():
        console.print(f"  [bold]{text}[/bold]")
    console.print(f"  {figure['code']} = {figure['numerator']}, proof {figure['set_hash'][:16]}…")
    console.rule()
    for line in display.addresses(platform):
        console.print(line)
    console.print(f"sign in     zone.officer, zone.checker, analyst, {', '.join(ADMINISTRATORS)}")
    console.print(f"passwords   {platform.directory.path}/secrets/account-<name>.password")
    console.print(f"federation  {loaded.federation_id}")
