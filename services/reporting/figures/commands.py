"""Starting and stopping exports of the list behind a figure."""

from collections.abc import Mapping
from typing import Any

from chassis import jobs
from chassis.commands import handles
from chassis.errors import Refused
from chassis.work import Work
from contracts.reporting import exports as contract
from services.reporting.figures.definitions import KPIS
from services.reporting.figures.exports import KIND


@handles(contract.ExportExplanation)
def export_explanation(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Queue the export. Raises Refused `not_found` on an unknown KPI."""
    if request["code"] not in KPIS:
        raise Refused("not_found", field="code")
    as_of = request.get("as_of") or work.today
    return jobs.queue(work, KIND, {"code": request["code"], "org": str(request["org"]), "as_of": as_of.isoformat()})


@handles(contract.CancelExport)
def cancel_export(work: Work, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stop one's own export at its next page."""
    return jobs.cancel(work, KIND, request["export_id"], work.actor)
