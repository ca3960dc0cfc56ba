"""Shows a platform to the person at the terminal."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TaskID
from rich.table import Table

from unionctl.accounts import kept, secret_name
from unionctl.broker_choice import broker_runs
from unionctl.platform import Platform
from unionctl.processes import Record
from unionctl.readiness import is_ready
from unionctl.rebuild import Rebuilt
from unionctl.services import service_of


def show(platform: Platform, console: Console) -> None:
    """Print a table of the processes and the addresses people use."""
    names = platform.processes.names()
    if not names:
        console.print("Nothing runs here; `unionctl up` starts it.")
        return
    table = Table("process", "state", "pid", "restarts", "up", "memory", box=None, header_style="bold")
    with ThreadPoolExecutor() as pool:
        for row in pool.map(lambda name: _row(platform, name), names):
            table.add_row(*row)
    console.print(table)
    for line in addresses(platform):
        console.print(line, soft_wrap=True)
    running = {service_of(name) for name in platform.process_names()}
    if idle := [service for service in platform.services if service not in running]:
        console.print(f"no process  {', '.join(idle)}; `unionctl up` starts one of each", soft_wrap=True)


@contextmanager
def telling_what_starts(platform: Platform, console: Console) -> Iterator[None]:
    """Name the processes that a command started and leaves running."""
    before = platform.processes.running()
    try:
        yield
    finally:
        if started := sorted(platform.processes.running() - before):
            console.print(f"Started {', '.join(started)}; `unionctl down` stops what runs.", soft_wrap=True)


@contextmanager
def progress(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each owner whose history is read; gives the function that moves them."""
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def move(owner: str, done: int, total: int) -> None:
            if owner not in tasks:
                tasks[owner] = bars.add_task(owner, total=total)
            bars.update(tasks[owner], completed=done, total=total)

        yield move


def show_rebuilt(done: Rebuilt, console: Console) -> None:
    """Tell what a rebuild did, and which events only the old projections held."""
    console.print(f"generation {done.generation}: {done.absorbed} events from history in {done.seconds:.1f} s")
    console.print(f"{done.missing} events that the old generation held are in no owner's history")
    for event_id in done.missing_ids:
        console.print(f"  {event_id}")


def show_changes(changes: Sequence[str], console: Console) -> None:
    """Tell what was changed on the broker."""
    console.print("\n".join(changes) or "The broker is as the contracts say.")


def addresses(platform: Platform) -> list[str]:
    """Where to reach the platform, and as whom."""
    has_gateway = "gateway.1" in platform.processes.names()
    lines = [f"gateway     {platform.url}"] if has_gateway else []
    if broker_runs(platform.processes):
        broker = platform.broker
        user, _ = broker.api.credentials
        lines.append(f"management  {broker.api.url} as {user}, password in {broker.password_place}")
    lines.append(f"files       {platform.directory.path}")
    return [*lines, *_sign_in(platform)] if has_gateway else lines


def _sign_in(platform: Platform) -> list[str]:
    if names := kept(platform):
        place = platform.directory.secret_file(secret_name("<name>"))
        return [f"sign in     {', '.join(names)}", f"passwords   {place}"]
    return ["sign in     no password is kept here; `unionctl accounts bootstrap` makes the first two accounts"]


def _row(platform: Platform, name: str) -> tuple[str, ...]:
    record = platform.processes.record(name)
    process = record.process() if record else None
    if record is None or process is None:
        return (name, "[red]not running[/]", "", "", "", "")
    return (name, _state(platform, name), str(record.pid), str(record.restarts), _age(record), _memory(process))


def _state(platform: Platform, name: str) -> str:
    if name not in platform.process_names():
        return "[green]running[/]"
    return "[green]ready[/]" if is_ready(platform.ops_address(name)) else "[yellow]not ready[/]"


def _age(record: Record) -> str:
    minutes, seconds = divmod(int(time.time() - record.started), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _memory(process: psutil.Process) -> str:
    # of what PostgreSQL's processes share, each counts its part
    family = [process, *process.children(recursive=True)]
    return f"{sum(member.memory_full_info().pss for member in family) / 2**20:.0f} MiB"
