"""Says which table holds what each view shows, for whoever holds answers against rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.events.activities import ActivityView
from contracts.events.contest_tiers import ContestTierView
from contracts.membership.applications import ApplicationView
from contracts.membership.enterprises import EnterpriseView
from contracts.membership.organisation import UnionView
from contracts.membership.party import RecommendationView, TargetTotalView
from contracts.membership.posts import PostView
from contracts.reporting.reports import ReportView
from contracts.schema import Schema
from contracts.welfare.batches import BatchView
from contracts.welfare.health_checks import SlotView
from contracts.welfare.programmes import ProgrammeView


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a service whose rows answers name by their ids."""

    service: str
    name: str
    #: Columns that hold what the last answer said.
    shown: Sequence[str]
    #: Whether only commands that answer with the row change it, or say whether they did; its version counts them.
    versioned: bool = True


#: By the view that commands answer with.
TABLES: Mapping[type[Schema], Table] = {
    UnionView: Table("membership", "union_organization", ("state",)),
    EnterpriseView: Table("membership", "enterprise", ("staff",)),
    ApplicationView: Table("membership", "membership_application", ("state",)),
    PostView: Table("membership", "office_post", ("state",)),
    RecommendationView: Table("membership", "party_recommendation", ("state",)),
    TargetTotalView: Table("membership", "development_target_total", ("total",)),
    ActivityView: Table("events", "activity", ("state",)),
    ContestTierView: Table("events", "contest_tier", ("code",)),
    ProgrammeView: Table("welfare", "programme", ("state",), versioned=False),
    # the last receipt completes a list that was being given out, and answers with something else
    BatchView: Table("welfare", "batch", ("list_hash",), versioned=False),
    SlotView: Table("welfare", "slot", ("quota",), versioned=False),
    ReportView: Table("reporting", "report", ("title",), versioned=False),
}

#: Rows that answers only count, by service: what they belong to, what they are, and how many there are.
LINES: Sequence[tuple[str, str]] = (
    (
        "membership",
        """
        SELECT union_id::text, CASE WHEN basis_application_id IS NULL THEN 'imported' ELSE 'applied' END, count(*)
        FROM membership GROUP BY 1, 2
        """,
    ),
    ("events", "SELECT activity_id::text, 'attendances', count(*) FROM attendance GROUP BY 1"),
    ("events", "SELECT activity_id::text, state, count(*) FROM registration GROUP BY 1, 2"),
    ("welfare", "SELECT batch_id::text, 'size', count(*) FROM benefit GROUP BY 1"),
    ("welfare", "SELECT slot_id::text, state, count(*) FROM booking GROUP BY 1, 2"),
)
