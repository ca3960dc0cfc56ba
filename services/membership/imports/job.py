"""Imports a file of members as a job of two passes: all rows are checked, and then those that are right are stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis import files
from chassis.errors import Refused
from chassis.jobs import Running, runs
from chassis.offload import place
from services.membership.imports import lookup, report
from services.membership.imports.checking import MOST_FAULTY, check
from services.membership.imports.judging import Judge
from services.membership.imports.rules import Terms
from services.membership.imports.storing import Storing
from services.membership.vault import vault

#: Kind of the job.
KIND = "import_members"


@runs(KIND)
def import_members(running: Running) -> Mapping[str, Any]:
    """After a crash the first pass begins anew, and the second goes on behind its last batch.

    Raises Refused `too_many_faults` unless it is a dry run, which tells it, and where the file cannot be read.
    """
    dry_run = running.request["dry_run"]
    judge = Judge(vault(running), _terms(running))
    with place() as run:
        if running.progress is None:
            check(running, judge, run)
        refused = running.progress["refused"]
        if refused and not dry_run:
            report.write(running)
            raise _too_many_faults(running)
        if running.progress["staged"] and not dry_run:
            Storing(running, judge, run).store()
    _drop_staged(running)
    report.write(running)
    return {**running.progress["tally"], "dry_run": dry_run, "too_many_faults": refused}


def _too_many_faults(running: Running) -> Refused:
    tally, allowed = running.progress["tally"], running.request["most_faulty_percent"]
    counted = {"faulty": tally["faulty"], "rows": tally["rows"], "percent": allowed, "most": MOST_FAULTY}
    return Refused("too_many_faults", params={name: str(count) for name, count in counted.items()})


def _drop_staged(running: Running) -> None:
    """The rows were needed until now and no longer; a crash after this goes on behind it."""
    done = running.progress["total"]
    with running.step(done, done, {**running.progress, "staged": None}) as work:
        files.discard(work.session.connection(), running.id)


def _terms(running: Running) -> Terms:
    request = running.request
    with running.database.reader.connect() as connection:
        unions = lookup.unions(connection, running.tree, UUID(request["union_id"]))
    [union] = unions[request["union_id"]]
    return Terms(date.fromisoformat(request["today"]), request["consent_version"], union, unions)
