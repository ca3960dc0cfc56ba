"""What tests of imports share: lists of people who do not exist, and the way of a list into a union."""

import csv
import hashlib
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import eventlet
import openpyxl
from sqlalchemy import text

from chassis import files, uploads
from chassis.actor import Actor
from chassis.job_runner import JobRunner
from chassis.uploads import Piece
from contracts.files import CSV, CSV_IN_UTF8
from contracts.membership import imports as contract
from contracts.membership import register
from contracts.membership.applications import WithdrawApplication
from tests.service.harness import Universe
from tests.service.members import NOTICE, applied, resident_id

#: Wraps the keys of files.
FILE_KEY = bytes(16)
#: Seconds that an import of a test may take.
_PATIENCE = 30

Row = Mapping[str, str]


def a_row(**changes: str) -> dict[str, str]:
    """Somebody who joins, by heading."""
    usual = {"姓名": "林小满", "证件号码": resident_id(), "移动电话": "19900001234", "会籍变化日期": "2022-06-01"}
    return {**usual, **changes}


def csv_of(rows: Sequence[Row], encoding: str = "utf-8") -> bytes:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(dict.fromkeys(heading for row in rows for heading in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode(encoding)


def xlsx_of(rows: Sequence[Mapping[str, str | date]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sent(universe: Universe, actor: Actor, data: bytes, media_type: str = CSV) -> str:
    """A file that an actor sent, by its id."""
    request = file_fields(data, media_type)
    for number in range(request["pieces"]):
        part = data[number * files.CHUNK : (number + 1) * files.CHUNK]
        uploads.put(
            universe.membership.database, FILE_KEY, Piece(request["file_id"], actor.id, media_type, number, part)
        )
    return str(universe.membership.do(contract.UploadMembers, actor, **request)["id"])


def file_fields(data: bytes = b".", media_type: str = CSV) -> dict[str, Any]:
    """What the gateway says of a file whose pieces it has handed over."""
    pieces = -(-len(data) // files.CHUNK)
    digest = hashlib.sha256(data).hexdigest()
    return {"file_id": uuid4(), "media_type": media_type, "pieces": pieces, "size": len(data), "sha256": digest}


def import_fields(universe: Universe, file_id: str, **changes: Any) -> dict[str, Any]:
    """The fields of an import into the home union."""
    return {"union_id": universe.home.id, "file_id": file_id, "consent_version": NOTICE, **changes}


def queued(universe: Universe, file_id: str, **changes: Any) -> dict[str, Any]:
    """The import of a file into the home union, which nobody works on yet."""
    asked = import_fields(universe, file_id, **changes)
    answer: dict[str, Any] = universe.membership.do(contract.ImportMembers, universe.zone_officer, **asked)
    return answer


def ended(universe: Universe, job: Mapping[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    """An import after processes have worked on it; of the home union's officer unless it is another's."""
    service = universe.membership
    runner = JobRunner(service.database, service.tree, FILE_KEY, own=service.own)
    runner.start(eventlet.spawn)
    with eventlet.Timeout(_PATIENCE):
        while (found := view(universe, job, actor))["ended_at"] is None:
            eventlet.sleep(0.01)
        runner.stop()
    return found


def view(universe: Universe, job: Mapping[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    owner = actor or universe.zone_officer
    found: dict[str, Any] = universe.membership.do(contract.GetImport, owner, import_id=job["id"])
    return found


def imported(universe: Universe, rows: Sequence[Row], **changes: Any) -> dict[str, Any]:
    """The ended import of rows into the home union."""
    return ended(universe, queued(universe, sent(universe, universe.zone_officer, csv_of(rows)), **changes))


def outcome(job: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """How many joined, were retained, stayed as they were, and were left out."""
    assert job["state"] == "done", job["failure"]
    result = job["result"]
    joined, retained, unchanged, faulty = (result[name] for name in ("joined", "retained", "unchanged", "faulty"))
    assert result["rows"] == joined + retained + unchanged + faulty
    return joined, retained, unchanged, faulty


def faults(universe: Universe, job: Mapping[str, Any], limit: int = 200) -> list[tuple[int, str, str]]:
    """Row, heading and code of all that is wrong, page by page."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": None}
    asked = {"import_id": job["id"], "limit": limit}
    while not found or page["next"]:
        more = {"cursor": page["next"]} if page["next"] else {}
        page = universe.membership.do(contract.ListImportFaults, universe.zone_officer, **asked, **more)
        found += page["items"]
        if not page["items"]:
            break
    return [(each["row"], each["field"], each["code"]) for each in found]


def report(universe: Universe, job: Mapping[str, Any]) -> list[dict[str, str]]:
    """The lines of the report of an import."""
    database = universe.membership.database
    handle = universe.membership.do(contract.FetchImportReport, universe.zone_officer, import_id=job["id"])
    pieces = range(handle["chunks"])
    whole = b"".join(files.chunk(database, FILE_KEY, UUID(handle["id"]), number) for number in pieces)
    assert (handle["media_type"], whole[:3]) == (CSV_IN_UTF8, BOM_UTF8)
    return list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))))


def members(universe: Universe, union_id: str | None = None) -> list[dict[str, Any]]:
    """The members of a union, newest first."""
    request, actor = register.ListMembers, universe.zone_officer
    page = universe.membership.do(request, actor, union=union_id or universe.home.id, limit=200)
    shown: list[dict[str, Any]] = page["items"]
    return shown


def texts(rows: Iterable[Row]) -> set[str]:
    """All that stands in rows and tells who somebody is."""
    return {row[heading] for row in rows for heading in ("姓名", "证件号码", "移动电话") if row.get(heading)}


def asked(universe: Universe, query: str, **values: Any) -> Any:
    """One value of membership's database."""
    with universe.membership.database.reader.connect() as connection:
        return connection.scalar(text(query), values)


def without_union(universe: Universe, number: str) -> str:
    """The subject key of a person whom the register knows and who belongs nowhere."""
    application = applied(universe, person={"document_no": number})
    universe.membership.do(WithdrawApplication, universe.home.officer, application_id=application["id"])
    return str(application["subject_key"])
