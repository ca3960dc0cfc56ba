"""The main job in one command: the platform up, the year loaded over HTTP, the report's sentences printed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.sentences import BARE, Amount, told
from demo.accounts import ADMINISTRATORS, usernames
from demo.loading.desk import Office
from demo.loading.loader import load, steps
from demo.year.days import REPORT_DATE
from demo.year.generator import SEED, Year, year
from demo.year.scale import FULL, SMALL
from unionctl import display
from unionctl.accounts import has_password, make_administrators, passwords
from unionctl.errors import PlatformError
from unionctl.platform import Platform
from unionctl.processes import wait_until

console = Console()

#: Seconds that the last events may take to become facts.
PATIENCE = 30.0
#: Title of the report.
TITLE = "2023年度工会工作报告"
#: What to say if they take longer.
FIGURES_MISSING = "The year was loaded, but not all of it has reached reporting; see `unionctl status` and `dead list`."


class OtherAccounts(PlatformError):
    """The platform has accounts that the demo did not make; `unionctl --run-dir DIR demo` makes another platform."""


@click.command()
@click.option(
    "--seed",
    default=SEED,
    show_default=True,
    help="Another seed adds another federation with people of its own; the figures of the first stay as they are.",
)
@click.option("--small", is_flag=True, help="A federation with a fortieth of the members and a tenth of what they do.")
@click.pass_obj
def demo(platform: Platform, seed: int, small: bool) -> None:
    """Start everything, load a year over HTTP, print its report."""
    with console.status("Starting PostgreSQL, RabbitMQ and the services …"):
        platform.start()
    if not make_administrators(platform, *ADMINISTRATORS) and not has_password(platform, ADMINISTRATORS[0]):
        raise OtherAccounts
    with console.status("Generating the year …"):
        planned = year(seed, SMALL if small else FULL)
    office = _loaded(platform, planned)
    _await_facts(platform)
    _show(platform, office, _report(office))


def _loaded(platform: Platform, planned: Year) -> Office:
    columns = (
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("", total=steps(planned))
        secrets = passwords(platform, usernames(planned))
        return load(platform.url, secrets, planned, lambda done: bars.update(task, advance=1, description=done))


def _await_facts(platform: Platform) -> None:
    """Wait until nothing is on its way.

    All are asked twice: an instance does not know of the batch that another has in hand.
    """
    with platform.operator() as operator:
        for _ in range(2):
            wait_until(
                lambda: all(operator.call(f"{service}.is_settled") for service in platform.services),
                PATIENCE,
                FIGURES_MISSING,
            )


def _report(office: Office) -> Mapping[str, Any]:
    """The report of what is known now; a report that was made before stays as it is."""
    asked = {"org": office.federation_id, "as_of": REPORT_DATE.isoformat(), "title": TITLE}
    report: Mapping[str, Any] = office.staff.analyst.post("/v1/reports", asked, f"report {uuid4()}")
    return report


def _show(platform: Platform, office: Office, report: Mapping[str, Any]) -> None:
    console.rule(f"{report['org_name']} {report['as_of']}")
    for chapter in report["chapters"]:
        console.print(f"\n[bold]{chapter['title']['zh']} · {chapter['title']['en']}[/bold]", highlight=False)
        for sentence in chapter["sentences"]:
            _show_sentence(sentence)
    console.rule()
    for line in display.addresses(platform):
        console.print(line, soft_wrap=True)
    console.print(f"federation  {office.federation_id}")
    console.print(f"report      {platform.url}/v1/reports/{report['id']}", soft_wrap=True)


def _show_sentence(sentence: Mapping[str, Any]) -> None:
    for text in (sentence["text"] or sentence["not_printed_because"]).values():
        console.print(f"  {text}", soft_wrap=True, highlight=False)
    for figure in sentence["figures"]:
        console.print(f"    [dim]{_proved(figure)}[/dim]", soft_wrap=True, highlight=False)


def _proved(figure: Mapping[str, Any]) -> str:
    """A figure exactly, and the beginning of the digest over what was counted."""
    if figure["value"] is None:
        return f"{figure['code']} is not told"
    of = "" if figure["denominator"] is None else f" ({figure['numerator']} of {figure['denominator']})"
    amount = Amount(figure["unit"], Decimal(figure["value"]), figure["value"])
    return f"{figure['code']} = {told(amount, BARE)['en']}{of}, proof {figure['set_hash'][:16]}…"
