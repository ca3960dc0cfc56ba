"""Reading the recommendations of one's own unions."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.membership import party as contract
from services.membership.party.models import PartyRecommendation
from services.membership.party.rules import RECOMMENDATION

_recommendation = PartyRecommendation.__table__.c
_ONE = select(*_recommendation).where(_recommendation.id == bindparam("recommendation_id"))


@handles(contract.GetRecommendation)
def get_recommendation(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One recommendation by its id; of another's union none is found."""
    row = reading.connection.execute(_ONE.where(_own(reading)), request).mappings().first()
    if row is None:
        raise Refused("not_found")
    return _view(row)


@handles(contract.ListRecommendations)
def list_recommendations(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of recommendations, newest first."""
    newest = select(*_recommendation).order_by(_recommendation.id.desc()).limit(request["limit"] + 1)
    asked = [_FILTERS[name](reading, value) for name, value in request.items() if name in _FILTERS]
    rows = [_view(row) for row in reading.connection.execute(newest.where(_own(reading), *asked)).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


def _own(reading: Reading) -> ColumnElement[bool]:
    """Of a union at which the actor reads recommendations, or of one below it."""
    return _recommendation.union_id.in_(reading.tree.below(reading.actor.roots(contract.READERS)))


_FILTERS: Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]] = {
    "union": lambda reading, union: _recommendation.union_id.in_(reading.tree.below([union])),
    "state": lambda _, state: _recommendation.state == state,
    "cursor": lambda _, cursor: _recommendation.id < decode_id(cursor),
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": RECOMMENDATION.actions(row["state"])}
