"""Writing a report."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.generations import hold
from chassis.tables import union_tree
from chassis.work import Reading, Work
from contracts.reporting import reports as contract
from services.reporting.figures.asking import day
from services.reporting.reports.models import Report
from services.reporting.reports.queries import SHOWN
from services.reporting.reports.writing import written


@handles(contract.CreateReport)
def create_report(work: Work, request: Mapping[str, Any]) -> RowMapping:
    """Count everything at one moment and keep what it says. Raises Refused `date_in_future` or `not_yet_known`."""
    org, as_of = request["org"], day(request, work.today)
    connection = work.session.connection()
    # held, so that no rebuild puts other facts in their place before the report is written
    generation = hold(connection)
    named = select(union_tree.c.name).where(union_tree.c.generation == generation, union_tree.c.union_id == org)
    org_name = connection.scalar(named)
    if org_name is None:
        raise Refused("not_yet_known", field="org")
    report = insert(Report).values(
        org_id=org,
        org_name=org_name,
        title=request["title"],
        as_of=as_of,
        state=contract.ReportState.GENERATED,
        written_by=work.actor.id,
        computed_at=datetime.now(UTC),
        facts_generation=generation,
        chapters=written(Reading(connection, work.actor, work.tree), org, as_of),
    )
    return connection.execute(report.returning(*SHOWN)).mappings().one()
