"""What is wrong in a file, kept row by row and handed out as a file with words for people."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select

from chassis import files
from chassis.csv_lines import csv_lines, first_line
from chassis.jobs import Running
from chassis.paging import bad_cursor
from chassis.tree import Bind
from contracts import catalogue
from contracts.files import CSV_IN_UTF8
from services.membership.imports.columns import Fault
from services.membership.imports.models import ImportFault

#: Faults read at a time.
PAGE = 2000

_fault = ImportFault.__table__.c
_ORDER = (_fault.row, _fault.field)
_HEADING = ("row", "field", "code", "zh", "en")


def keep(bind: Bind, import_id: UUID, faults: Sequence[Fault]) -> None:
    """Write down what is wrong."""
    rows = [
        {"import_id": import_id, "row": each.row, "field": each.field, "code": each.code, "params": dict(each.params)}
        for each in faults
    ]
    if rows:
        bind.execute(insert(ImportFault), rows)


def forget(bind: Bind, import_id: UUID) -> None:
    """Forget what was wrong: the file is looked at from its beginning."""
    bind.execute(delete(ImportFault).where(ImportFault.import_id == import_id))


def listed(bind: Bind, import_id: UUID, cursor: str | None, limit: int) -> list[Mapping[str, Any]]:
    """What is wrong behind a cursor, in the order of the file, with its words. Raises Refused on a bad cursor."""
    statement = select(_fault.row, _fault.field, _fault.code, _fault.params).where(_fault.import_id == import_id)
    if cursor is not None:
        row, heading = _place(cursor)
        statement = statement.where(_fault.row >= row, (_fault.row > row) | (_fault.field > heading))
    rows = bind.execute(statement.order_by(*_ORDER).limit(limit)).mappings()
    return [{**row, "reason": _words(row["code"], row["params"])} for row in rows]


def place(fault: Mapping[str, Any]) -> str:
    """Where a fault stands in the list, for a cursor."""
    return f"{fault['row']} {fault['field']}"


def file_id(import_id: UUID) -> UUID:
    """The file of an import's faults."""
    return uuid5(import_id, "report")


def write(running: Running) -> None:
    """Make the file of all faults; one that is there is made anew. It outlives a job that failed."""
    report_id = file_id(running.id)
    with running.held() as connection:
        files.discard(connection, report_id)
    report = files.Writer(running.held, running.file_key, id=report_id)
    report.open(report_id, CSV_IN_UTF8)
    report.write(first_line(_HEADING))
    cursor: str | None = None
    while faults := _page(running, cursor):
        report.write(csv_lines(_told(fault) for fault in faults))
        cursor = place(faults[-1])
    report.close()


def _page(running: Running, after: str | None) -> list[Mapping[str, Any]]:
    with running.database.reader.connect() as connection:
        return listed(connection, running.id, after, PAGE)


def _place(cursor: str) -> tuple[int, str]:
    row, _, heading = cursor.partition(" ")
    if not (row.isascii() and row.isdigit()):
        raise bad_cursor()
    return int(row), heading


def _words(code: str, params: Mapping[str, Any]) -> dict[str, str]:
    return {language: catalogue.text(code, language, **params) for language in catalogue.LANGUAGES}


def _told(fault: Mapping[str, Any]) -> list[Any]:
    return [fault["row"], fault["field"], fault["code"], *fault["reason"].values()]
