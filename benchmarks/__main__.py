"""The command line: `python -m benchmarks [ONLY]` measures one claim or all of them."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from benchmarks import facts, imports, read, relay, report, stock_baseline, write
from benchmarks.harness import ROOT, Backing
from benchmarks.results import Result
from benchmarks.wrk import RequestsFailed, WrkMissing
from unionctl.platform import Platform

#: Every benchmark by the name one asks for it, in the order in which all of them run.
BENCHES: dict[str, Callable[[Backing], Sequence[Result]]] = {
    "stock_baseline": stock_baseline.run,
    "read": read.run,
    "write": write.run,
    "relay": relay.run,
    "facts": facts.run,
    "imports": imports.run,
}

#: Workers of each process, ours as the peer's: as many as wrk has clients.
WORKERS = "32"


@click.command()
@click.argument("only", required=False, type=click.Choice(list(BENCHES)))
@click.option("--directory", type=click.Path(path_type=Path), default=ROOT / ".run" / "bench", show_default=True)
def main(only: str | None, directory: Path) -> None:
    """Measure ONLY that benchmark, or all; ends with 1 if a claim fails. Results go to DIRECTORY as JSON."""
    os.environ.setdefault("UNIONHALL_WORKERS", WORKERS)
    platform = Platform(directory / "platform")
    holds = True
    try:
        platform.start()
        for name in [only] if only else BENCHES:
            holds &= _measure(name, Backing(platform, directory))
    except (WrkMissing, RequestsFailed) as error:
        raise click.ClickException(str(error)) from error
    finally:
        platform.stop()
    sys.exit(0 if holds else 1)


def _measure(name: str, backing: Backing) -> bool:
    """Run one benchmark, show and keep its results; tells whether all its claims hold."""
    before = report.machine()
    results = BENCHES[name](backing)
    report.show(name, results, before)
    report.save(backing.directory, name, results, before)
    return all(result.holds for result in results)


if __name__ == "__main__":
    main()
