"""Reading reports: one as data or as a text, or a page of them; always of the actor's own unions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.reporting import reports as contract
from contracts.reporting.figures import READERS
from services.reporting.reports import rendering
from services.reporting.reports.models import Report

_report = Report.__table__.c
_SUMMARY = (
    *(_report[name] for name in contract.ReportSummaryView._declared_fields if name in _report),
    _report.facts_generation.label("generation"),
)
#: What `ReportView` shows.
SHOWN = (*_SUMMARY, _report.chapters)


@handles(contract.GetReport)
def get_report(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One report; of another's unions there is none."""
    statement = select(*SHOWN).where(_report.id == request["report_id"], _own(reading))
    row = reading.connection.execute(statement).mappings().first()
    if row is None:
        raise Refused("not_found")
    return dict(row)


@handles(contract.ListReports)
def list_reports(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of reports, newest first."""
    return newest_first(reading, select(*_SUMMARY).where(_own(reading)), request, _report.id, _FILTERS)


@handles(contract.RenderReportAsMarkdown)
def render_report_as_markdown(reading: Reading, request: Mapping[str, Any]) -> str:
    """One report as Markdown."""
    return rendering.markdown(get_report(reading, request), request["language"])


@handles(contract.RenderReportAsHtml)
def render_report_as_html(reading: Reading, request: Mapping[str, Any]) -> str:
    """One report as a page."""
    return rendering.html(get_report(reading, request), request["language"])


_FILTERS: Filters = {"org": lambda reading, org: _report.org_id.in_(reading.tree.below([org]))}


def _own(reading: Reading) -> ColumnElement[bool]:
    return _report.org_id.in_(reading.tree.below(reading.actor.roots(READERS)))
