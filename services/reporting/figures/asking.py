"""Reads which figure a request asks for, so that a value, its list, its file and a report refuse the same days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.errors import Refused
from services.reporting.figures.definitions import KPIS
from services.reporting.figures.evidence import Asked


def asked(request: Mapping[str, Any], today: date) -> Asked:
    """The figure of a request's `code`, `org` and `as_of`. Raises Refused `kpi_unknown` or `date_in_future`."""
    if request["code"] not in KPIS:
        raise Refused("kpi_unknown", field="code")
    return Asked(KPIS[request["code"]], request["org"], day(request, today))


def day(request: Mapping[str, Any], today: date) -> date:
    """The day of a request's `as_of`, else today. Raises Refused `date_in_future`."""
    as_of: date = request.get("as_of") or today
    if as_of > today:
        raise Refused("date_in_future", field="as_of", params={"today": today.isoformat()})
    return as_of
