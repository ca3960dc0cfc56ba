"""The command line: `python -m benchmarks [ONLY]` measures one claim or all of them."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from benchmarks import report, stock_baseline
from benchmarks.harness import ROOT, Backing
from benchmarks.results import Result
from benchmarks.wrk import RequestsFailed, WrkMissing

#: Every benchmark by the name one asks for it, in the order in which all of them run.
BENCHES: dict[str, Callable[[Backing], Sequence[Result]]] = {
    "stock_baseline": stock_baseline.run,
}


@click.command()
@click.argument("only", required=False, type=click.Choice(list(BENCHES)))
@click.option("--amqp-uri", envvar="UNIONHALL_AMQP_URI", required=True, help="A user who may declare anything.")
@click.option(
    "--database-url", envvar="UNIONHALL_DATABASE_URL_BENCH", required=True, help="A role that may create databases."
)
@click.option("--directory", type=click.Path(path_type=Path), default=ROOT / ".run" / "bench", show_default=True)
def main(only: str | None, amqp_uri: str, database_url: str, directory: Path) -> None:
    """Measure ONLY that benchmark, or all; ends with 1 if a claim fails. Results go to DIRECTORY as JSON."""
    backing = Backing(amqp_uri, database_url, directory)
    holds = True
    for name in [only] if only else BENCHES:
        before = report.machine()
        try:
            results = BENCHES[name](backing)
        except (WrkMissing, RequestsFailed) as error:
            raise click.ClickException(str(error)) from error
        report.show(name, results, before)
        report.save(directory, name, results, before)
        holds = holds and all(result.holds for result in results)
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
