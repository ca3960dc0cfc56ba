"""Programmes of welfare and their lists, as the federation carries them out from the draft to the audit."""

from dataclasses import dataclass
from datetime import date

from contracts.welfare.programmes import BenefitForm, FundSource, ProgrammeKind


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """A list of a programme: people by their numbers, and the days of its steps. A cancelled list is never issued."""

    name: str
    people: tuple[int, ...]
    amount_fen: int
    frozen_on: date
    issued_on: date | None
    received_on: date | None
    received: tuple[int, ...]
    item: str | None = None
    #: Who did not collect it, and whose receipt was recorded by mistake, which finance finds on a later day.
    returned: tuple[int, ...] = ()
    reversed: tuple[int, ...] = ()
    reversed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedProgramme:
    """A programme of the federation and its lists; `closed_on` is None where it stays open."""

    kind: ProgrammeKind
    form: BenefitForm
    name: str
    year: int
    starts_on: date
    ends_on: date
    budget_fen: int
    fund_source: FundSource
    approved_on: date
    opened_on: date
    closed_on: date | None = None
    batches: tuple[PlannedBatch, ...] = ()
