"""Reading removals of second factors."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.gateway import second_factor as contract
from gateway.second_factor.models import SecondFactorRemoval
from gateway.second_factor.rules import REMOVAL

_removal = SecondFactorRemoval.__table__.c
_OF_REMOVALS: Filters = {
    "account_id": lambda _, account_id: _removal.account_id == account_id,
    "state": lambda _, state: _removal.state == state,
}


@handles(contract.ListSecondFactorRemovals)
def list_second_factor_removals(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of removals, newest first."""
    return newest_first(reading, select(*_removal), request, _removal.id, _OF_REMOVALS, _view)


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": REMOVAL.actions(row["state"])}
