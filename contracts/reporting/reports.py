"""Reports: the figures of a day frozen into chapters of sentences, each figure with its proof."""

import hashlib
from base64 import b64encode
from enum import StrEnum
from importlib.resources import files

from contracts import fields
from contracts.catalogue import LANGUAGES
from contracts.declare import Request, Scope, TextDocument, command, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.reporting.figures import ABOUT_DENOMINATOR, ABOUT_NUMERATOR, ABOUT_VALUE, LARGEST_SUM, READERS, Unit
from contracts.roles import Role
from contracts.schema import Schema

#: The style sheet that a report in HTML carries with it, for it is kept and printed.
STYLE = files("contracts.reporting").joinpath("report.css").read_text("utf-8")
_STYLE_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_HTML = TextDocument(
    "text/html",
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
)
_MARKDOWN = TextDocument("text/markdown")


class ReportState(StrEnum):
    """Where a report stands; checking, approving and publishing come with their own commands."""

    GENERATED = "generated"


class ReportFigure(Schema):
    """A figure as it was when the report was made. Where it may not be told, all of its numbers are null."""

    code = fields.Text(required=True)
    version = fields.Count(1, required=True)
    title = fields.Words(required=True)
    unit = fields.Code(Unit, required=True)
    period_from = fields.LocalDate(required=True, allow_none=True)
    period_to = fields.LocalDate(required=True)
    numerator = fields.Count(0, LARGEST_SUM, required=True, allow_none=True, metadata={"description": ABOUT_NUMERATOR})
    denominator = fields.Count(
        0, LARGEST_SUM, required=True, allow_none=True, metadata={"description": ABOUT_DENOMINATOR}
    )
    value = fields.Text(required=True, allow_none=True, metadata={"description": ABOUT_VALUE})
    set_hash = fields.Digest(required=True, allow_none=True)
    withheld = fields.Flag(required=True)
    explain = fields.Text(required=True, metadata={"description": "Address of the list behind it, as it is now"})


class ReportSentence(Schema):
    """A sentence, or why it is left out, and the figures that it tells."""

    code = fields.Text(required=True)
    text = fields.Words(required=True, allow_none=True)
    not_printed_because = fields.Words(required=True, allow_none=True)
    figures = fields.Many(fields.Part(ReportFigure), required=True)


class ReportChapter(Schema):
    """A chapter of a report."""

    code = fields.Text(required=True)
    title = fields.Words(required=True)
    sentences = fields.Many(fields.Part(ReportSentence), required=True)


class _Report(Schema):
    id = fields.Id(required=True)
    org_id = fields.Id(required=True)
    org_name = fields.Text(required=True)
    title = fields.Text(required=True)
    as_of = fields.LocalDate(required=True)
    state = fields.Code(ReportState, required=True)
    computed_at = fields.Moment(
        required=True, metadata={"description": "What reporting learned later is not in the report"}
    )
    generation = fields.Count(
        1, required=True, metadata={"description": "Of the facts that were counted: a rebuild makes a new one"}
    )


class ReportView(_Report):
    """A report with its chapters."""

    chapters = fields.Many(fields.Ready(ReportChapter), required=True)


class ReportSummaryView(_Report):
    """A report without its chapters."""


@command(
    post("/v1/reports", 201),
    reply=ReportView,
    roles=(Role.ANALYST,),
    scope=Scope.FIELD,
    scope_field="org",
    errors=("not_yet_known", "date_in_future"),
)
class CreateReport(Request):
    """Write the report of an organisation and all below it from what is known now; it reads the same ever after."""

    org = fields.Id(required=True)
    as_of = fields.LocalDate(metadata={"description": "Date of the report; today in business time unless given"})
    title = fields.Title(required=True)


class _OnReport(Request):
    report_id = fields.Id(required=True)


@query(get("/v1/reports/{report_id}"), reply=ReportView, roles=READERS, errors=("not_found",))
class GetReport(_OnReport):
    """Read one report of one's unions."""


@query(get("/v1/reports"), reply=page_of(ReportSummaryView), roles=READERS, scope=Scope.FILTER)
class ListReports(PageRequest):
    """List the reports of one's unions, newest first."""

    org = fields.Id(metadata={"description": "Of this union or one below it"})


class _InLanguage(_OnReport):
    language = fields.Code(LANGUAGES, load_default=LANGUAGES[0])


@query(get("/v1/reports/{report_id}/markdown"), reply=None, roles=READERS, errors=("not_found",), document=_MARKDOWN)
class RenderReportAsMarkdown(_InLanguage):
    """Read one report of one's unions as Markdown."""


@query(get("/v1/reports/{report_id}/html"), reply=None, roles=READERS, errors=("not_found",), document=_HTML)
class RenderReportAsHtml(_InLanguage):
    """Read one report of one's unions as a page to print, in which each figure leads to its proof."""
