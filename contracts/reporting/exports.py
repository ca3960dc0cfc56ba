"""The whole list behind a figure as a file, for whoever checks it by other means."""

from contracts import fields
from contracts.declare import Request, Scope, command, get, post, query
from contracts.files import CSV
from contracts.jobs import job_view
from contracts.reporting.figures import READERS
from contracts.schema import Schema


class ExportedFile(Schema):
    """The finished file; fetch it within seven days."""

    file_id = fields.Id(required=True)
    media_type = fields.Text(required=True)
    size = fields.Count(required=True, metadata={"description": "Bytes"})
    sha256 = fields.Digest(required=True)


Export = job_view("Export", ExportedFile)


@command(
    post("/v1/kpis/{code}/exports", 202),
    reply=Export,
    roles=READERS,
    scope=Scope.FIELD,
    scope_field="org",
    errors=("kpi_unknown", "not_yet_known", "date_in_future"),
)
class ExportExplanation(Request):
    """Write every fact behind a figure, counted or not, to a CSV file."""

    code = fields.Text(longest=10, required=True)
    org = fields.Id(required=True)
    as_of = fields.LocalDate(metadata={"description": "Date of the report; today in business time unless given"})


class _OnExport(Request):
    export_id = fields.Id(required=True)


@query(get("/v1/exports/{export_id}"), reply=Export, roles=READERS, errors=("not_found",))
class GetExport(_OnExport):
    """See how far one's own export is, or, for thirty days, how it ended."""


@command(
    post("/v1/exports/{export_id}/cancel"), reply=Export, roles=READERS, errors=("not_found", "illegal_transition")
)
class CancelExport(_OnExport):
    """Stop one's own export."""


@query(get("/v1/exports/{export_id}/file"), reply=None, roles=READERS, errors=("not_found",), download=CSV)
class FetchExport(_OnExport):
    """Fetch the file of one's own finished export."""
