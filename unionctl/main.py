"""The table of contents of the command line: one function for each command, and nothing else."""

from pathlib import Path

import click
from rich.console import Console

from contracts.registry import subscriptions
from unionctl import display, logs
from unionctl.accounts import accounts
from unionctl.dead import dead
from unionctl.demo import demo
from unionctl.platform import DEFAULT_RUN_DIR, Platform
from unionctl.rebuild import rebuild as rebuild_service
from unionctl.sentences import Telling

console = Console()

#: As in pyproject.toml, which is not there where only the packages are.
VERSION = "0.1.0"


class Scale(click.ParamType[tuple[str, int]]):
    """`service=number`, as in `docker-compose up --scale`."""

    name = "service=number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Split one option; a usage error if it has another form."""
        service, _, number = value.partition("=")
        if not service or not number.isdigit():
            self.fail(f"{value!r} is not of the form events=2", param, ctx)
        return service, int(number)


@click.group(cls=Telling, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--run-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_RUN_DIR,
    help="Directory of the platform: its data, logs, ports and secrets.",
)
@click.version_option(VERSION, prog_name="unionctl")
@click.pass_context
def main(context: click.Context, run_dir: Path) -> None:
    """Run and look after one unionhall platform."""
    context.obj = Platform(run_dir)


@main.command()
@click.option(
    "--scale",
    type=Scale(),
    multiple=True,
    help="Instances of a service, for example events=2. Without it, as many as run already, and one at least.",
)
@click.pass_obj
def up(platform: Platform, scale: tuple[tuple[str, int], ...]) -> None:
    """Start what doesn't run yet, and wait until all is ready."""
    with console.status("Starting PostgreSQL, RabbitMQ and the services …"):
        platform.start(dict(scale))
    display.show(platform, console)


@main.command()
@click.pass_obj
def down(platform: Platform) -> None:
    """Stop everything that `up` started; data stays."""
    running = sorted(platform.processes.running())
    with console.status("Stopping …"):
        platform.stop()
    told = f"Stopped {', '.join(running)}; the data stays." if running else "Nothing ran here."
    console.print(told, soft_wrap=True)


@main.command()
@click.pass_obj
def status(platform: Platform) -> None:
    """Show each process, whether it is ready, and where to reach it."""
    display.show(platform, console)


@main.command("logs")
@click.argument("service", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on with each new line.")
@click.option("-n", "--lines", default=20, show_default=True, help="Lines of each log to begin with.")
@click.pass_obj
def show_logs(platform: Platform, service: str | None, follow: bool, lines: int) -> None:
    """Print the logs of all, or of one service or process.

    A service is named as `events`, a process as `events.2`.
    """
    logs.show(platform.directory, service, lines, follow, console)


@main.command()
@click.argument("process")
@click.pass_obj
def restart(platform: Platform, process: str) -> None:
    """Stop and start one process, or each of a service in turn.

    A service is named as `events`, a process as `events.2`.
    """
    for name in platform.matching(process):
        platform.restart_process(name)
        platform.wait_ready(name)
        console.print(f"{name} runs again")


@main.command()
@click.pass_obj
def topology(platform: Platform) -> None:
    """Make the broker what the contracts say.

    That is its exchanges, queues, bindings, policies and users.
    """
    with display.telling_what_starts(platform, console):
        platform.broker.start()
        display.show_changes(platform.apply_topology(), console)


@main.command()
@click.pass_obj
def migrate(platform: Platform) -> None:
    """Create missing databases and bring all to the newest schema."""
    with display.telling_what_starts(platform, console):
        platform.postgres.start()
        platform.migrate()
        console.print("Every database has the newest schema.")


@main.command()
@click.pass_obj
def setup(platform: Platform) -> None:
    """Prepare given servers once before the services start.

    Makes the databases and brings them and the topology to what the services need.
    """
    with display.telling_what_starts(platform, console):
        platform.start_servers()
        display.show_changes(platform.prepare(), console)
        console.print("Every database has the newest schema.")


@main.command()
@click.argument("service", type=click.Choice(sorted(subscriptions())))
@click.pass_obj
def rebuild(platform: Platform, service: str) -> None:
    """Build a service's projections anew from history; nobody stops."""
    with platform.operator() as operator, display.progress(console) as progress:
        done = rebuild_service(operator, service, progress)
    display.show_rebuilt(done, console)


for group in (accounts, dead, demo):
    main.add_command(group)

if __name__ == "__main__":
    main()
