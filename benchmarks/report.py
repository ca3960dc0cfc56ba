"""Shows results as a table and keeps them, with the machine they came from, as JSON."""

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.results import Ceiling, Comparison, Floor, Result, Sample, Tail

#: Percent of all cores that others may use before a run; above it, the figures come with a warning.
QUIET = 10.0

#: Columns that the table takes where no terminal says how wide it is.
WIDTH = 120


def machine() -> dict[str, object]:
    """What the figures depend on: cores, interpreter, and how busy the machine already was (percent of all cores)."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "busy_before": psutil.cpu_percent(interval=2),
    }


def show(name: str, results: Sequence[Result], before: dict[str, object]) -> None:
    """Print one benchmark's results."""
    table = Table(title=name, title_justify="left")
    for heading in ("claim", "side", "runs", "median", "p50 ms", "p99 ms", "needed", ""):
        table.add_column(heading)
    for result in results:
        for row in _rows(result):
            table.add_row(*row)
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table)
    if isinstance(busy := before["busy_before"], float) and busy > QUIET:
        console.print(f"Others used {busy:.0f} % of the cores when this began: measure again on a quiet machine.")


def save(directory: Path, name: str, results: Sequence[Result], before: dict[str, object]) -> Path:
    """Write one benchmark's results to `<directory>/<name>.json`; returns the file."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"{name}.json"
    claims = [asdict(result) | _derived(result) for result in results]
    file.write_text(json.dumps({"bench": name, "machine": before, "claims": claims}, indent=2) + "\n", "utf-8")
    return file


def _derived(result: Result) -> dict[str, object]:
    if isinstance(result, Comparison | Tail):
        return {"ratios": result.ratios, "ratio": result.ratio, "holds": result.holds}
    if isinstance(result, Ceiling):
        return {"most": result.most, "holds": result.holds}
    return {"rate": result.rate, "holds": result.holds}


def _rows(result: Result) -> Iterator[tuple[str, ...]]:
    verdict = "holds" if result.holds else "FAILS"
    if isinstance(result, Floor):
        needed = f"{result.at_least:,.0f}"
        yield (result.claim, result.unit, *_figures(result.samples), needed, verdict)
        return
    if isinstance(result, Ceiling):
        values = " ".join(f"{value:,.0f}" for value in result.values)
        yield (result.claim, result.unit, values, f"{result.most:,.0f}", "", "", f"{result.at_most:,.0f}", verdict)
        return
    ratios = " ".join(f"{ratio:.2f}" for ratio in result.ratios)
    if isinstance(result, Tail):
        yield (result.claim, "p99 ratio", ratios, f"{result.ratio:.2f}", "", "", f"{result.at_most:.2f}", verdict)
        return
    yield (result.claim, f"peer, {result.unit}", *_figures(result.peer), "", "")
    yield ("", f"ours, {result.unit}", *_figures(result.ours), "", "")
    yield ("", "ratio", ratios, f"{result.ratio:.2f}", "", "", f"{result.at_least:.2f}", verdict)


def _figures(samples: Sequence[Sample]) -> tuple[str, str, str, str]:
    rates = " ".join(f"{sample.rate:,.0f}" for sample in samples)
    middle = f"{median(sample.rate for sample in samples):,.0f}"
    p50 = _milliseconds([sample.p50_ms for sample in samples])
    p99 = _milliseconds([sample.p99_ms for sample in samples])
    return rates, middle, p50, p99


def _milliseconds(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{median(known):.1f}" if known else ""
