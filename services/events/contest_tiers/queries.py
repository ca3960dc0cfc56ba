"""Reading contest tiers, and whether a union may use one on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.tree import Bind, UnionTree
from chassis.work import Reading
from contracts.events import contest_tiers as contract
from services.events.contest_tiers.models import ContestTier

_tier = ContestTier.__table__.c


@handles(contract.ListContestTiers)
def list_contest_tiers(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of tiers, newest first."""
    return newest_first(reading, select(*_tier), request, _tier.id, _FILTERS)


def in_use(bind: Bind, tree: UnionTree, union_id: UUID, code: str, day: date) -> bool:
    """Whether a code stands for a tier on a day in a union's federation: its own, or that of a union above it."""
    usable = select(_tier.id).where(_tier.code == code, _tier.union_id.in_(tree.above(union_id)), _valid_on(day))
    return bind.scalar(usable.limit(1)) is not None


def _valid_on(day: date) -> ColumnElement[bool]:
    return (_tier.valid_from <= day) & or_(_tier.valid_to.is_(None), _tier.valid_to >= day)


_FILTERS: Filters = {
    "union": lambda reading, union: _tier.union_id.in_(reading.tree.above(union)),
    "valid_on": lambda _, day: _valid_on(day),
}
