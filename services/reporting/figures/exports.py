"""Writes the whole list behind a figure to a CSV file, page by page, as a job."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis import files
from chassis.jobs import Running, runs
from chassis.work import Reading
from services.reporting.figures import evidence
from services.reporting.figures.kpis import KPIS

#: Kind of the job.
KIND = "export_explanation"
#: Media type of the file.
CSV = "text/csv"
#: Facts read at a time.
PAGE = 500

_COLUMNS = ("event_id", "event_type", "activity_id", "union_id", "state", "held_on", "counted", "reason")


@runs(KIND)
def export(running: Running) -> Mapping[str, Any]:
    """Write the file from its beginning; after a crash the half-written one is dropped."""
    asked = evidence.Asked(
        KPIS[running.request["code"]], UUID(running.request["org"]), date.fromisoformat(running.request["as_of"])
    )
    with running.database.writer.begin() as connection:
        files.discard(connection, running.id)
    writer = files.Writer(running.database, running.file_key)
    writer.open(running.id, CSV)
    writer.write(_lines([_COLUMNS]))
    done, place = 0, None
    while facts := _page(running, asked, place):
        writer.write(_lines([fact[name] for name in _COLUMNS] for fact in facts))
        done, place = done + len(facts), evidence.Place(not facts[-1]["counted"], facts[-1]["event_id"])
        running.report(done, None, None)
    written = writer.close()
    return {"file_id": written["id"], "media_type": CSV, "size": written["size"], "sha256": written["sha256"]}


def _page(running: Running, asked: evidence.Asked, after: evidence.Place | None) -> list[dict[str, Any]]:
    with running.database.reader.connect() as connection:
        return evidence.facts(Reading(connection, running.actor, running.tree), asked, after, PAGE)


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
