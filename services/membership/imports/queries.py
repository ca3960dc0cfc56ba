"""Looking at one's own imports, and at what is wrong in their files."""

from collections.abc import Mapping
from typing import Any

from chassis import files, jobs
from chassis.commands import handles
from chassis.paging import decode, page
from chassis.work import Reading
from contracts.membership import imports as contract
from services.membership.imports import report
from services.membership.imports.job import KIND


@handles(contract.GetImport)
def get_import(reading: Reading, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """One's own import."""
    return jobs.find(reading.connection, KIND, request["import_id"], reading.actor)


@handles(contract.ListImportFaults)
def list_import_faults(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of what is wrong in the file of one's own import, in the order of the file."""
    get_import(reading, request)
    after = decode(request["cursor"]) if "cursor" in request else None
    faults = report.listed(reading.connection, request["import_id"], after, request["limit"] + 1)
    return page(faults, request["limit"], report.place)


@handles(contract.FetchImportReport)
def fetch_import_report(reading: Reading, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the gateway needs to hand out the list of all faults. Raises Refused `not_found` before it is written."""
    get_import(reading, request)
    return files.handle(reading.connection, report.file_id(request["import_id"]))
