"""Bringing contest tiers into use and ending them; a code never means two things on one day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import refused
from chassis.work import Work
from contracts.events import contest_tiers as contract
from services.events.contest_tiers.models import ContestTier
from services.events.contest_tiers.rules import may_be_in_use


@handles(contract.AddContestTier)
def add_contest_tier(work: Work, request: Mapping[str, Any]) -> ContestTier:
    """Bring a tier into use in the federation that the request names."""
    assert work.standing is not None
    tier = ContestTier(region_code=work.standing.region_code, **request)
    _check_days(work.session, tier, tier.valid_to)
    work.session.add(tier)
    return tier


@handles(contract.EndContestTier, on=ContestTier)
def end_contest_tier(work: Work, tier: ContestTier, request: Mapping[str, Any]) -> ContestTier:
    """Name the last day, or another one than before."""
    _check_days(work.session, tier, request["valid_to"])
    tier.valid_to = request["valid_to"]
    return tier


def _check_days(session: Session, tier: ContestTier, valid_to: date | None) -> None:
    """Raises Refused unless the code is the tier's alone until that day; holds the code until the commit."""
    if refusal := may_be_in_use(tier.valid_from, valid_to):
        raise refused(refusal)
    # a lock on the word, not an exclusion constraint: that would need an extension that not every server has
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{tier.union_id} {tier.code}", 0))))
    asked = func.daterange(tier.valid_from, valid_to, "[]")
    twin = select(ContestTier.id).where(
        ContestTier.union_id == tier.union_id,
        ContestTier.code == tier.code,
        ContestTier.id != tier.id,
        func.daterange(ContestTier.valid_from, ContestTier.valid_to, "[]").op("&&")(asked),
    )
    if session.scalar(twin.limit(1)) is not None:
        raise Refused("tier_taken", field="code")
