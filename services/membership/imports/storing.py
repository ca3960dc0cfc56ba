"""The second pass of an import: what was found right becomes members, batch by batch, each with the job's progress."""

from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from chassis.jobs import Running
from chassis.keystore import PersonKey
from chassis.offload import Runs
from services.membership.imports import report, staging
from services.membership.imports.judging import Batch, Judge, Right
from services.membership.imports.tally import Tally
from services.membership.register import bulk
from services.membership.vault import vault

#: Rows in one transaction, and keys taken together; in both moments the loop does nothing else.
BATCH, KEYS = 500, 1000


class Storing:
    """Stores the staged rows of one import."""

    def __init__(self, running: Running, judge: Judge, run: Runs) -> None:
        self._running, self._judge, self._run = running, judge, run
        self._own = vault(running)
        self._keys: list[PersonKey] = []
        self._today = date.fromisoformat(running.request["today"])
        self._rows: int = running.progress["tally"]["rows"]

    def store(self) -> None:
        """Go on behind the last batch that was committed."""
        progress = self._running.progress
        if not progress["stored"]:
            # until now these were what would become of the rows
            checked = replace(Tally(**progress["tally"]), joined=0, retained=0)
            self._running.progress = progress = {**progress, "tally": asdict(checked)}
        for rows in staging.batches(self._running, UUID(progress["staged"]), progress["stored"], BATCH):
            batch, stored = self._run(self._judge.look_again, rows), False
            while not stored:
                with suppress(bulk.Raced):
                    self._store(batch)
                    stored = True

    def _store(self, batch: Batch) -> None:
        """One transaction. Raises `bulk.Raced`."""
        self._take_keys(len(batch.right))
        progress = self._running.progress
        stored = progress["stored"] + batch.rows
        # filled in before the commit, which writes it down
        after = {**progress, "stored": stored}
        with self._running.step(self._rows + stored, progress["total"], after) as work:
            judged = self._judge.judge(work.session, batch, lock=True)
            newcomers = [self._newcomer(right) for right in judged.new]
            prepared = self._run(bulk.prepare, self._own, newcomers, self._keys[: len(newcomers)])
            known = [right.index for right in judged.new if right.key_id]
            bulk.store(work, prepared, known)
            report.keep(work.session.connection(), self._running.id, judged.faults)
            after["tally"] = asdict(Tally(**progress["tally"]).plus(judged, 0))
        del self._keys[: len(newcomers)]

    def _take_keys(self, count: int) -> None:
        while len(self._keys) < count:
            self._keys += self._own.keystore.issue(KEYS)

    def _newcomer(self, right: Right) -> bulk.Newcomer:
        entry = right.entry
        return bulk.Newcomer(
            identity=entry.identity,
            person=entry.person,
            employment={**entry.employment, "employer_id": self._judge.employer(entry)},
            consent_version=self._running.request["consent_version"],
            union_id=entry.union.id,
            region_code=entry.union.region_code,
            member_no=entry.member_no,
            joined_on=entry.since or self._today,
            retained_for=entry.retained_for,
        )
