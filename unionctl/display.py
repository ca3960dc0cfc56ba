"""Shows a platform to the person at the terminal."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TaskID
from rich.table import Table

from unionctl.platform import Platform
from unionctl.processes import Record
from unionctl.readiness import is_ready
from unionctl.rebuild import Rebuilt


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
    for address in addresses(platform):
        console.print(address)


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


def addresses(platform: Platform) -> list[str]:
    """Where to reach the platform."""
    lines = [f"gateway     {platform.url}"] if "gateway.1" in platform.processes.names() else []
    return [*lines, f"management  {platform.broker.api.url}", f"files       {platform.directory.path}"]


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
    family = [process, *process.children(recursive=True)]
    return f"{sum(member.memory_info().rss for member in family) / 2**20:.0f} MiB"
