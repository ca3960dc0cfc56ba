"""Counts what becomes of the rows of a file."""

from dataclasses import dataclass

from contracts.membership.register import MembershipState
from services.membership.imports.judging import Judged


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows so far; the fields of `contracts.membership.imports.ImportOutcome`."""

    rows: int = 0
    joined: int = 0
    retained: int = 0
    unchanged: int = 0
    faulty: int = 0

    def plus(self, judged: Judged, rows: int) -> "Tally":
        """And with a batch, of which so many rows were not counted before."""
        retained = sum(right.entry.state is MembershipState.RETAINED for right in judged.new)
        return Tally(
            rows=self.rows + rows,
            joined=self.joined + len(judged.new) - retained,
            retained=self.retained + retained,
            unchanged=self.unchanged + judged.unchanged,
            faulty=self.faulty + len({fault.row for fault in judged.faults}),
        )
