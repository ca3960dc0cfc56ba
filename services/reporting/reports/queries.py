"""Reading reports: one as data or as a text, or a page of them; always of the actor's own unions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.reporting import reports as contract
from contracts.reporting.figures import READERS
from services.reporting.reports import rendering
from services.reporting.reports.models import Report

_report = Report.__table__.c
_SUMMARY = [column for column in _report if column.name != "chapters"]


@handles(contract.GetReport)
def get_report(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One report; of another's unions there is none."""
    statement = select(*_report).where(_report.id == request["report_id"], _own(reading))
    row = reading.connection.execute(statement).first()
    if row is None:
        raise Refused("not_found")
    return view(row)


@handles(contract.ListReports)
def list_reports(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of reports, newest first."""
    statement = select(*_SUMMARY).where(_own(reading)).order_by(_report.id.desc()).limit(request["limit"] + 1)
    if "org" in request:
        statement = statement.where(_report.org_id.in_(reading.tree.below([request["org"]])))
    if "cursor" in request:
        statement = statement.where(_report.id < decode_id(request["cursor"]))
    rows = [_summary(row) for row in reading.connection.execute(statement)]
    return page(rows, request["limit"], lambda row: row["id"])


@handles(contract.RenderReportAsMarkdown)
def render_report_as_markdown(reading: Reading, request: Mapping[str, Any]) -> str:
    """One report as Markdown."""
    return rendering.markdown(get_report(reading, request), request["language"])


@handles(contract.RenderReportAsHtml)
def render_report_as_html(reading: Reading, request: Mapping[str, Any]) -> str:
    """One report as a page."""
    return rendering.html(get_report(reading, request), request["language"])


def view(report: Any) -> dict[str, Any]:
    """The whole report, from its row or record."""
    return {**_summary(report), "chapters": report.chapters}


def _summary(report: Any) -> dict[str, Any]:
    names = ("id", "org_id", "org_name", "title", "as_of", "state", "computed_at")
    return {**{name: getattr(report, name) for name in names}, "generation": report.facts_generation}


def _own(reading: Reading) -> ColumnElement[bool]:
    return _report.org_id.in_(reading.tree.below(reading.actor.roots(READERS)))
