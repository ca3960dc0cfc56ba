"""The main job in one command: the platform up, the year loaded over HTTP, the report's sentence printed."""

from collections.abc import Iterator, Mapping
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.paging import LARGEST_LIMIT
from demo.accounts import ADMINISTRATORS, STAFF
from demo.loader import Loaded, load, steps
from demo.plan import REPORT_DATE, year
from unionctl import display
from unionctl.accounts import has_password, make_administrators, passwords
from unionctl.errors import PlatformError
from unionctl.platform import Platform
from unionctl.processes import wait_until

console = Console()

#: Seconds that the last events may take to become facts.
PATIENCE = 30.0
#: What to say if they take longer.
FIGURES_MISSING = "The year was loaded, but not all of it has reached reporting; see `unionctl status` and `dead list`."


class OtherAccounts(PlatformError):
    """The platform has accounts that the demo did not make; `unionctl --run-dir DIR demo` makes another platform."""


@click.command()
@click.option(
    "--seed",
    default=2023,
    show_default=True,
    help="Another seed adds another year's activities to the same federation: the figure then counts both.",
)
@click.pass_obj
def demo(platform: Platform, seed: int) -> None:
    """Start everything, load the demo year over HTTP, and print its sentence."""
    with console.status("Starting PostgreSQL, RabbitMQ and the services …"):
        platform.start()
    if not make_administrators(platform, *ADMINISTRATORS) and not has_password(platform, ADMINISTRATORS[0]):
        raise OtherAccounts
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
    _await_facts(platform, loaded)
    _show(platform, loaded, loaded.staff.analyst.get("/v1/kpis/K01/value", **_asked(loaded)))


def _await_facts(platform: Platform, loaded: Loaded) -> None:
    """Wait until nothing is on its way and reporting lists each activity, counted or not.

    All are asked twice: an instance does not know of the batch that another has in hand.
    """
    with platform.operator() as operator:
        for _ in range(2):
            wait_until(
                lambda: all(operator.call(f"{service}.is_settled") for service in platform.services),
                PATIENCE,
                FIGURES_MISSING,
            )
    wait_until(lambda: set(loaded.activities) <= set(_listed(loaded)), PATIENCE, FIGURES_MISSING)


def _listed(loaded: Loaded) -> Iterator[str]:
    """The activities in the list behind the figure."""
    cursor: dict[str, str] = {}
    while True:
        page = loaded.staff.analyst.get("/v1/kpis/K01/explain", **_asked(loaded), limit=LARGEST_LIMIT, **cursor)
        yield from (fact["record_id"] for fact in page["facts"])
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def _asked(loaded: Loaded) -> dict[str, str]:
    return {"org": loaded.federation_id, "as_of": REPORT_DATE.isoformat()}


def _show(platform: Platform, loaded: Loaded, figure: Mapping[str, Any]) -> None:
    console.rule(f"{figure['period_from']} – {figure['period_to']}")
    for text in (figure["sentence"]["text"] or figure["sentence"]["not_printed_because"]).values():
        console.print(f"  [bold]{text}[/bold]")
    console.print(f"  {figure['code']} = {figure['numerator']}, proof {figure['set_hash'][:16]}…")
    console.rule()
    for line in display.addresses(platform):
        console.print(line, soft_wrap=True)
    console.print(f"federation  {loaded.federation_id}")
