"""The first pass of an import: every row is checked, and nothing but faults and a sealed list comes of it."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from uuid import UUID

from chassis import files, sealed_copy, sheets
from chassis.ahead import ahead
from chassis.errors import Refused
from chassis.jobs import Running
from chassis.offload import Runs
from chassis.unzipping import UnreadableFile
from services.membership.imports import report, staging
from services.membership.imports.columns import Layout
from services.membership.imports.judging import Batch, Judge
from services.membership.imports.tally import Tally

#: Rows looked at together.
BATCH = 500
#: Faulty rows at which a file is given up, whatever share it allows: nobody mends more from a list.
MOST_FAULTY = 20_000


def check(running: Running, judge: Judge, run: Runs) -> None:
    """Check the file from its beginning, and leave how it went as the job's progress.

    Raises Refused where the file cannot be read, or is no list of members.
    """
    _begin(running)
    staged, tally = staging.writer(running), Tally()
    with (
        sealed_copy.opened(running.database, running.file_key, UUID(running.request["file_id"])) as file,
        ahead(_batches(sheets.rows(file, running.request["media_type"]), judge, run)) as batches,
    ):
        try:
            for batch in batches:
                done = tally.rows + batch.rows
                with running.step(done, None, None) as work:
                    judged = judge.judge(work.session, judge.first_of_each(batch))
                    report.keep(work.session, running.id, judged.faults)
                staged.write(staging.lines([right.row for right in judged.new]))
                tally = tally.plus(judged, batch.rows)
                if tally.faulty > MOST_FAULTY:
                    break
        except UnreadableFile as error:
            raise Refused(error.code) from None
    _end(running, staged, tally)


def _begin(running: Running) -> None:
    with running.held() as connection:
        files.discard(connection, running.id)
        report.forget(connection, running.id)


def _batches(rows: Iterator[sheets.Row], judge: Judge, run: Runs) -> Iterator[Batch]:
    """Every row looked at in itself. Raises what reading the file raises."""
    layout = run(_layout, rows)
    while (batch := run(judge.look_at, layout, islice(rows, BATCH))).rows:
        yield batch


def _layout(rows: Iterator[sheets.Row]) -> Layout:
    _, headings = next(rows, (0, ()))
    return Layout(headings)


def _end(running: Running, staged: files.Writer, tally: Tally) -> None:
    allowed = running.request["most_faulty_percent"] * tally.rows
    total = tally.rows if running.request["dry_run"] else tally.rows + tally.joined + tally.retained
    progress = {
        "tally": asdict(tally),
        "total": total,
        "refused": tally.faulty > MOST_FAULTY or tally.faulty * 100 > allowed,
        "staged": staged.close()["id"],
        "stored": 0,
    }
    running.report(tally.rows, total, progress)
