"""Reading contest tiers, and whether a union may use one on a day."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from chassis.commands import handles
from chassis.paging import decode_id, page
from chassis.tree import Bind, UnionTree
from chassis.work import Reading
from contracts.events import contest_tiers as contract
from services.events.contest_tiers.models import ContestTier

_tier = ContestTier.__table__.c


@handles(contract.ListContestTiers)
def list_contest_tiers(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of tiers, newest first."""
    statement = select(*_tier).order_by(_tier.id.desc()).limit(request["limit"] + 1)
    asked = [_FILTERS[name](reading, value) for name, value in request.items() if name in _FILTERS]
    rows = reading.connection.execute(statement.where(*asked)).mappings().all()
    return page(rows, request["limit"], lambda row: row["id"])


def in_use(bind: Bind, tree: UnionTree, union_id: UUID, code: str, day: date) -> bool:
    """Whether a code stands for a tier on a day in a union's federation: its own, or that of a union above it."""
    usable = select(_tier.id).where(_tier.code == code, _tier.union_id.in_(tree.above(union_id)), _valid_on(day))
    return bind.scalar(usable.limit(1)) is not None


def _valid_on(day: date) -> ColumnElement[bool]:
    return (_tier.valid_from <= day) & or_(_tier.valid_to.is_(None), _tier.valid_to >= day)


_FILTERS: Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]] = {
    "union": lambda reading, union: _tier.union_id.in_(reading.tree.above(union)),
    "valid_on": lambda _, day: _valid_on(day),
    "cursor": lambda _, cursor: _tier.id < decode_id(cursor),
}
