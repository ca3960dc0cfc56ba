"""Reading benefits: who is on a list of one's unions, or one's own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.welfare import grants as contract
from services.welfare.batches.queries import get_batch
from services.welfare.grants.models import Benefit
from services.welfare.grants.rules import BENEFIT, DECIDED
from services.welfare.programmes.models import Programme

_benefit, _programme = Benefit.__table__.c, Programme.__table__.c
_SHOWN = [_benefit[name] for name in contract.BenefitView._declared_fields if name in _benefit]
_BENEFITS = select(*_SHOWN, _programme.form).join_from(
    Benefit.__table__, Programme.__table__, _programme.id == _benefit.programme_id
)


@handles(contract.ListBenefits)
def list_benefits(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of who is on a list that the reader may read. Raises Refused as `get_batch` does."""
    batch = get_batch(reading, request)
    statement = _BENEFITS.where(_benefit.batch_id == batch["id"])
    return newest_first(reading, statement, request, _benefit.id, _FILTERS, _view)


@handles(contract.ListMyBenefits)
def list_my_benefits(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of what was decided about oneself; nothing for an account that is linked to nobody."""
    own = (_benefit.subject_key == reading.actor.subject_key, _benefit.state.in_(DECIDED))
    return newest_first(reading, _BENEFITS.where(*own), request, _benefit.id, {}, _view)


_FILTERS: Filters = {"state": lambda _, state: _benefit.state == state}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": BENEFIT.actions(row["state"])}
