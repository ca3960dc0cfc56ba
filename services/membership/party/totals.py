"""Reporting how many development targets a Party organisation had; the last report of a period replaces the others."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from chassis.commands import handles
from chassis.errors import Refused
from chassis.work import Work
from contracts.membership import party as contract
from kernel.ids import new_id
from services.membership.organisation.tree import require_federation
from services.membership.party.models import DevelopmentTargetTotal

#: What a total is of: there is one of each.
_KEY = ("federation_id", "party_org_ref", "period_from", "period_to")
_ONE = (
    select(DevelopmentTargetTotal)
    .where(*(getattr(DevelopmentTargetTotal, name) == bindparam(name) for name in _KEY))
    .with_for_update()
)


@handles(contract.ReportDevelopmentTargets)
def report_development_targets(work: Work, request: Mapping[str, Any]) -> DevelopmentTargetTotal:
    """Report the total of a period in the area of the federation that the request names."""
    require_federation(work.session, request["federation_id"], "federation_id")
    if request["period_to"] < request["period_from"]:
        raise Refused("ends_before_start", field="period_to")
    total = _reserved(work, request)
    total.total, total.source_ref, total.reported_by = request["total"], request["source_ref"], work.actor.id
    work.publish(contract.DevelopmentTargetTotalReported, total)
    return total


def _reserved(work: Work, request: Mapping[str, Any]) -> DevelopmentTargetTotal:
    """The row of this total, locked; a new one has version 0 until the report is in it."""
    assert work.standing is not None
    row = {
        "id": UUID(new_id()),
        "version": 0,
        "event_sequence": 0,
        "region_code": work.standing.region_code,
        "reported_by": work.actor.id,
        **request,
    }
    work.session.execute(insert(DevelopmentTargetTotal).values(row).on_conflict_do_nothing())
    return work.session.scalars(_ONE, {name: request[name] for name in _KEY}).one()
