"""Reading the recommendations of one's own unions, and the totals of one's own federations."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.membership import party as contract
from services.membership.party.models import DevelopmentTargetTotal, PartyRecommendation
from services.membership.party.rules import RECOMMENDATION

_recommendation, _total = PartyRecommendation.__table__.c, DevelopmentTargetTotal.__table__.c
_RECOMMENDATIONS = select(*_recommendation)
_ONE = _RECOMMENDATIONS.where(_recommendation.id == bindparam("recommendation_id"))


@handles(contract.GetRecommendation)
def get_recommendation(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One recommendation by its id; of another's union none is found."""
    return _view(reading.one(_ONE.where(_own(reading)), request))


@handles(contract.ListRecommendations)
def list_recommendations(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of recommendations, newest first."""
    own = _RECOMMENDATIONS.where(_own(reading))
    return newest_first(reading, own, request, _recommendation.id, _FILTERS, _view)


@handles(contract.ListDevelopmentTargets)
def list_development_targets(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of totals, newest first."""
    own = select(*_total).where(_total.federation_id.in_(reading.reach(contract.TOTAL_READERS)))
    return newest_first(reading, own, request, _total.id, _OF_TOTALS)


def _own(reading: Reading) -> ColumnElement[bool]:
    """Of a union at which the actor reads recommendations, or of one below it."""
    return _recommendation.union_id.in_(reading.reach(contract.READERS))


_FILTERS: Filters = {
    "union": lambda reading, union: _recommendation.union_id.in_(reading.tree.below([union])),
    "state": lambda _, state: _recommendation.state == state,
}
_OF_TOTALS: Filters = {
    "federation": lambda reading, union: _total.federation_id.in_(reading.tree.below([union])),
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": RECOMMENDATION.actions(row["state"])}
