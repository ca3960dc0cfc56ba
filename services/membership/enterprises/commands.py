"""Registering enterprises, giving them new names, and counting their staff."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import refused
from chassis.work import Work
from contracts.membership import enterprises as contract
from services.membership.enterprises.models import USCC_INDEX, Enterprise, Headcount
from services.membership.enterprises.rules import Count, holds, may_be_reported
from services.membership.organisation.tree import require_federation

#: The fields of a head-count; a request has all of them or none.
_COUNT = ("counted_on", "staff", "women")


@handles(contract.RegisterEnterprise, conflicts={str(USCC_INDEX.name): "uscc_taken"})
def register_enterprise(work: Work, request: Mapping[str, Any]) -> Enterprise:
    """Register an enterprise in the area of the federation that the request names."""
    require_federation(work.session, request["federation_id"], "federation_id")
    count = _first_count(work, request)
    enterprise = Enterprise(**request)
    work.session.add(enterprise)
    work.publish(contract.EnterpriseRegistered, enterprise)
    if count is not None:
        work.session.flush()
        _keep(work.session, enterprise, count)
    return enterprise


@handles(contract.RenameEnterprise, on=Enterprise)
def rename_enterprise(work: Work, enterprise: Enterprise, request: Mapping[str, Any]) -> Enterprise:
    """Give it other names; the names that it has already change nothing."""
    names = request["name"], request["short_name"]
    if names != (enterprise.name, enterprise.short_name):
        enterprise.name, enterprise.short_name = names
        work.publish(contract.EnterpriseRenamed, enterprise)
    return enterprise


@handles(contract.ReportHeadcount, on=Enterprise)
def report_headcount(work: Work, enterprise: Enterprise, request: Mapping[str, Any]) -> Enterprise:
    """Record a count; it is told if it is now the latest and says something else than the one before."""
    count = _reported(work, request)
    _keep(work.session, enterprise, count)
    known = enterprise.counted_on, enterprise.staff, enterprise.women
    if holds(count, enterprise.counted_on) and known != (count.counted_on, count.staff, count.women):
        enterprise.counted_on, enterprise.staff, enterprise.women = count.counted_on, count.staff, count.women
        work.publish(contract.EnterpriseHeadcountChanged, enterprise)
    return enterprise


def _first_count(work: Work, request: Mapping[str, Any]) -> Count | None:
    missing = [name for name in _COUNT if request[name] is None]
    if len(missing) == len(_COUNT):
        return None
    if missing:
        raise Refused("invalid_request", errors=[{"field": name, "code": "required"} for name in missing])
    return _reported(work, request)


def _reported(work: Work, request: Mapping[str, Any]) -> Count:
    count = Count(*(request[name] for name in _COUNT))
    if refusal := may_be_reported(count, work.today):
        raise refused(refusal)
    return count


def _keep(session: Session, enterprise: Enterprise, count: Count) -> None:
    statement = insert(Headcount).values(
        enterprise_id=enterprise.id, counted_on=count.counted_on, staff=count.staff, women=count.women
    )
    again = {name: statement.excluded[name] for name in ("staff", "women")}
    session.execute(statement.on_conflict_do_update(index_elements=["enterprise_id", "counted_on"], set_=again))
