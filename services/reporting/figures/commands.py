"""Starting and stopping exports of the list behind a figure."""

from collections.abc import Mapping
from typing import Any

from chassis import jobs
from chassis.commands import handles
from chassis.work import Work
from contracts.reporting import exports as contract
from services.reporting.figures.asking import asked
from services.reporting.figures.exports import KIND


@handles(contract.ExportExplanation)
def export_explanation(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Queue the export. Raises Refused `kpi_unknown` or `date_in_future`."""
    figure = asked(request, work.today)
    queued = {"code": figure.kpi.code, "org": str(figure.org), "as_of": figure.as_of.isoformat()}
    return jobs.queue(work, KIND, queued)


@handles(contract.CancelExport)
def cancel_export(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stop one's own export at its next page."""
    return jobs.cancel(work, KIND, request["export_id"], work.actor)
