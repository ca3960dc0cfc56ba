"""The table of runs that the fault suite leaves behind: what was done to the platform, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from tests.support.ledger import Entry

#: HTTP statuses of an answer that says nothing was done, and of one that leaves open whether it was.
_UNAVAILABLE, _UNKNOWN = 503, 504


@dataclass
class Run:
    """One fault under load."""

    fault: str
    repetition: int
    kills: int = 0
    #: Requests answered with success, and how often their clients had to ask again.
    accepted: int = 0
    repeats: int = 0
    answered_503: int = 0
    answered_504: int = 0
    seconds: float = 0.0
    verdict: str = "failed"

    def count(self, entries: Iterable[Entry]) -> None:
        """Take the figures of the requests that were made during the run."""
        for entry in entries:
            self.accepted += entry.reply is not None
            self.repeats += len(entry.open_answers)
            self.answered_503 += entry.open_answers.count(_UNAVAILABLE)
            self.answered_504 += entry.open_answers.count(_UNKNOWN)


#: The runs of this session, in order.
RUNS: list[Run] = []


def write(file: Path) -> None:
    """Write the runs as a Markdown table."""
    names = [field.name for field in fields(Run)]
    rows = [[_shown(getattr(run, name)) for name in names] for run in RUNS]
    lines = [[name.replace("_", " ") for name in names], ["---"] * len(names), *rows]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"| {' | '.join(line)} |\n" for line in lines))


def _shown(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
