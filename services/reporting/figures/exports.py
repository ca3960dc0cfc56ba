"""Writes the whole list behind a figure, as it stands at one moment, to a CSV file as a job."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from chassis import files
from chassis.csv_lines import csv_lines, first_line
from chassis.jobs import Running, runs
from chassis.work import Reading
from contracts.files import CSV_IN_UTF8
from contracts.reporting.figures import CountedFact
from services.reporting.figures import evidence
from services.reporting.figures.definitions import KPIS

#: Kind of the job.
KIND = "export_explanation"
#: Facts read at a time.
PAGE = 500
#: Making the list of millions of facts takes longer than a statement of a query may; nobody waits for it.
_PATIENTLY = text("SET LOCAL statement_timeout = '60s'")

_COLUMNS = tuple(CountedFact().fields)


@runs(KIND)
def export(running: Running) -> Mapping[str, Any]:
    """Write the file from its beginning; after a crash the half-written one is dropped."""
    asked = evidence.Asked(
        KPIS[running.request["code"]], UUID(running.request["org"]), date.fromisoformat(running.request["as_of"])
    )
    with running.held() as connection:
        files.discard(connection, running.id)
    writer = files.Writer(running.held, running.file_key)
    writer.open(running.id, CSV_IN_UTF8)
    writer.write(first_line(_COLUMNS))
    done = 0
    with running.database.reader.connect() as connection:
        # the transaction keeps its snapshot between the pages, and no lock that a writer would wait for
        connection.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(_PATIENTLY)
        for facts in evidence.pages(Reading(connection, running.actor, running.tree), asked, PAGE):
            writer.write(csv_lines([fact[name] for name in _COLUMNS] for fact in facts))
            done += len(facts)
            running.report(done, None, None)
    written = writer.close()
    told = {"file_id": written["id"], "media_type": CSV_IN_UTF8}
    return {**told, "size": written["size"], "sha256": written["sha256"]}
