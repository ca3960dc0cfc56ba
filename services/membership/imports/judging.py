"""Judges rows by what the register knows: the unions and enterprises that they name, and who belongs where already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap
from typing import Any
from uuid import UUID

from chassis.sheets import Row as SheetRow
from chassis.tree import Bind
from services.membership.imports import lookup, staging
from services.membership.imports.columns import HEADINGS, Fault, Layout
from services.membership.imports.rules import Decision, Entry, Standing, Terms, check, check_beside, decide
from services.membership.vault import Vault


@dataclass(frozen=True, slots=True)
class Right:
    """A row that is right in itself."""

    entry: Entry
    #: By which the register finds the person.
    index: bytes
    #: The row itself, to be staged.
    row: staging.Row
    #: Of the person's key where the register knows them, who are no member; said when it was asked.
    key_id: UUID | None = None


@dataclass(slots=True)
class Batch:
    """Rows that were looked at in themselves."""

    rows: int = 0
    right: list[Right] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: Number and employer of rows that are wrong: whom they name is looked up with the others.
    employers: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Judged:
    """What is to become of a batch."""

    new: list[Right] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class Judge:
    """Judges the rows of one file. `look_at` and `look_again` touch neither database nor loop: a thread may do them."""

    def __init__(self, own: Vault, terms: Terms) -> None:
        self._own, self._terms = own, terms
        self._seen: set[bytes] = set()
        self._enterprises: dict[str, Sequence[UUID]] = {}

    def look_at(self, layout: Layout, rows: Iterator[SheetRow]) -> Batch:
        """Read rows of the file, and hold each against itself."""
        batch = Batch()
        for number, cells in rows:
            values, faults = layout.read(number, cells)
            batch.rows += 1
            if faults:
                _keep(values, faults + check_beside(number, values, self._terms, faults), batch)
            else:
                self._check((number, values), batch)
        return batch

    def look_again(self, rows: Sequence[staging.Row]) -> Batch:
        """The same for rows that were staged."""
        batch = Batch(len(rows))
        for row in rows:
            self._check(row, batch)
        return batch

    def first_of_each(self, batch: Batch) -> Batch:
        """A batch without those who stood in the file before."""
        kept = replace(batch, right=[], faults=list(batch.faults))
        for right in batch.right:
            if right.index in self._seen:
                kept.faults.append(Fault(right.entry.row, HEADINGS["document_no"], "given_twice"))
            else:
                self._seen.add(right.index)
                kept.right.append(right)
        return kept

    def judge(self, bind: Bind, batch: Batch, *, lock: bool = False) -> Judged:
        """Hold a batch against the register; with `lock`, those whom it knows stay as they are until the end."""
        self._find_enterprises(bind, batch)
        known = lookup.standings(bind, [right.index for right in batch.right], lock=lock)
        judged = Judged(faults=[*batch.faults, *filter(None, starmap(self._unknown, batch.employers))])
        for right in batch.right:
            self._judge(right, known.get(right.index), judged)
        self._leave_erased(judged)
        return judged

    def employer(self, entry: Entry) -> UUID | None:
        """For whom somebody works whose row was judged."""
        return self._enterprises[entry.employer][0] if entry.employer else None

    def _check(self, row: staging.Row, batch: Batch) -> None:
        checked = check(*row, self._terms)
        if isinstance(checked, Entry):
            document = checked.identity.document
            batch.right.append(Right(checked, self._own.document_index(document.kind, document.number), row))
        else:
            _keep(row[1], checked, batch)

    def _find_enterprises(self, bind: Bind, batch: Batch) -> None:
        named = {right.entry.employer for right in batch.right if right.entry.employer}
        named |= {employer for _, employer in batch.employers}
        named -= self._enterprises.keys()
        if named:
            found: Mapping[str, Any] = lookup.enterprises(bind, named)
            self._enterprises |= {name: found.get(name, ()) for name in named}

    def _leave_erased(self, judged: Judged) -> None:
        """Whoever is being erased at this moment, and has lost the key already, becomes no member."""
        keys = {right.key_id for right in judged.new if right.key_id}
        gone = keys - self._own.keystore.kept(keys) if keys else keys
        erased = [right for right in judged.new if right.key_id in gone]
        judged.faults += [Fault(right.entry.row, HEADINGS["document_no"], "being_erased") for right in erased]
        judged.new = [right for right in judged.new if right.key_id not in gone]

    def _judge(self, right: Right, known: Standing | None, judged: Judged) -> None:
        entry = right.entry
        if entry.employer and (unknown := self._unknown(entry.row, entry.employer)):
            judged.faults.append(unknown)
            return
        match decide(entry, known):
            case Decision.NEW:
                judged.new.append(replace(right, key_id=known.key_id if known else None))
            case Decision.UNCHANGED:
                judged.unchanged += 1
            case Fault() as fault:
                judged.faults.append(fault)

    def _unknown(self, row: int, employer: str) -> Fault | None:
        """What is wrong with an employer that was looked up."""
        meant = self._enterprises[employer]
        if len(meant) == 1:
            return None
        return Fault(row, HEADINGS["employer"], "ambiguous_name" if meant else "unknown_enterprise")


def _keep(values: Mapping[str, Any], faults: Sequence[Fault], batch: Batch) -> None:
    """Keep what is wrong with a row; a cell that is wrong has no value."""
    batch.faults += faults
    if values["employer"]:
        batch.employers.append((faults[0].row, values["employer"]))
