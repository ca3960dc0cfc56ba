"""Reading figures: the KPIs, a value with its sentence, and the list behind it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import files, jobs
from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import page
from chassis.work import Reading
from contracts.reporting import exports as exports_contract
from contracts.reporting import figures as contract
from services.reporting.figures import evidence, exports
from services.reporting.figures.asking import asked
from services.reporting.figures.definitions import KPIS
from services.reporting.figures.printing import Figure


@handles(contract.ListKpis)
def list_kpis(_reading: Reading, _request: Mapping[str, Any]) -> dict[str, Any]:
    """Every KPI in its current version."""
    return {"items": [kpi.view() for kpi in KPIS.values()]}


@handles(contract.GetFigure)
def get_figure(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """The value of a KPI, counted now."""
    figure = asked(request, reading.today)
    [counted] = evidence.counts(reading, [figure])
    return Figure(figure, counted).view()


@handles(contract.ExplainFigure)
def explain_figure(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """The figure and a page of the facts that it looked at."""
    figure, limit = asked(request, reading.today), request["limit"]
    after = evidence.Place.read(request["cursor"]) if "cursor" in request else None
    counted, facts = evidence.explained(reading, figure, after, limit + 1)
    found = page(facts, limit, lambda fact: evidence.Place(not fact["counted"], fact["event_id"]))
    return {"figure": Figure(figure, counted).view(), "facts": found["items"], "next": found["next"]}


@handles(exports_contract.GetExport)
def get_export(reading: Reading, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """One's own export."""
    return jobs.find(reading.connection, exports.KIND, request["export_id"], reading.actor)


@handles(exports_contract.FetchExport)
def fetch_export(reading: Reading, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the gateway needs to hand out the file of one's own finished export. Raises Refused `not_found`."""
    result = get_export(reading, request)["result"]
    if result is None:
        raise Refused("not_found")
    return files.handle(reading.connection, UUID(result["file_id"]))
