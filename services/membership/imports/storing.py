"""The second pass of an import: what was found right becomes members, batch by batch, each with the job's progress."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from chassis.ahead import ahead
from chassis.jobs import Running
from chassis.keystore import PersonKey
from chassis.offload import Runs
from services.membership.imports import report, staging
from services.membership.imports.judging import Batch, Judge, Right
from services.membership.imports.tally import Tally
from services.membership.register import bulk
from services.membership.vault import vault

#: Rows in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A batch, with the row of `person` of each who is right, by which the register finds them."""

    batch: Batch
    rows: Mapping[bytes, Mapping[str, Any]]


class Storing:
    """Stores the staged rows of one import."""

    def __init__(self, running: Running, judge: Judge, run: Runs) -> None:
        self._running, self._judge, self._run = running, judge, run
        self._own = vault(running)
        self._today = date.fromisoformat(running.request["today"])
        self._rows: int = running.progress["tally"]["rows"]

    def store(self) -> None:
        """Go on behind the last batch that was committed."""
        progress = self._running.progress
        if not progress["stored"]:
            # until now these were what would become of the rows
            checked = replace(Tally(**progress["tally"]), joined=0, retained=0)
            self._running.progress = progress = {**progress, "tally": asdict(checked)}
        with ahead(self._batches(progress)) as batches:
            for batch in batches:
                stored = False
                while not stored:
                    with suppress(bulk.Raced):
                        self._store(batch)
                        stored = True

    def _batches(self, progress: Mapping[str, Any]) -> Iterator[_Sealed]:
        """All that is not stored yet; each has its keys committed before, and what no row comes to use is swept."""
        for rows in staging.batches(self._running, UUID(progress["staged"]), progress["stored"], BATCH):
            keys = self._own.keystore.issue(len(rows))
            yield self._run(self._sealed, rows, keys)

    def _sealed(self, rows: Sequence[staging.Row], keys: Sequence[PersonKey]) -> _Sealed:
        batch, consent = self._judge.look_again(rows), self._running.request["consent_version"]
        sealed = {
            right.index: bulk.sealed(self._own, key, right.entry.identity, right.entry.person, consent)
            for right, key in zip(batch.right, keys, strict=False)
        }
        return _Sealed(batch, sealed)

    def _store(self, sealed: _Sealed) -> None:
        """One transaction. Raises `bulk.Raced`."""
        batch, progress = sealed.batch, self._running.progress
        stored = progress["stored"] + batch.rows
        # filled in before the commit, which writes it down
        after = {**progress, "stored": stored}
        with self._running.step(self._rows + stored, progress["total"], after) as work:
            judged = self._judge.judge(work.session, batch, lock=True)
            newcomers = [self._newcomer(right, sealed.rows[right.index]) for right in judged.new]
            known = [right.index for right in judged.new if right.key_id]
            bulk.store(work, newcomers, known)
            report.keep(work.session.connection(), self._running.id, judged.faults)
            after["tally"] = asdict(Tally(**progress["tally"]).plus(judged, 0))

    def _newcomer(self, right: Right, row: Mapping[str, Any]) -> bulk.Newcomer:
        entry = right.entry
        return bulk.Newcomer(
            identity=entry.identity,
            row=row,
            person=entry.person,
            employment={**entry.employment, "employer_id": self._judge.employer(entry)},
            union_id=entry.union.id,
            region_code=entry.union.region_code,
            member_no=entry.member_no,
            joined_on=entry.since or self._today,
            retained_for=entry.retained_for,
        )
