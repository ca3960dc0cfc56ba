"""Reading lists and benefits: of one's unions, or one's own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.welfare import grants as contract
from services.welfare.grants.models import Batch, Benefit
from services.welfare.grants.rules import BATCH, BENEFIT, DECIDED
from services.welfare.programmes.models import Programme

_batch, _benefit, _programme = Batch.__table__.c, Benefit.__table__.c, Programme.__table__.c
_LIST = [_batch[name] for name in contract.BatchView._declared_fields if name in _batch]
_LINE = [_benefit[name] for name in contract.BenefitView._declared_fields if name in _benefit]
_ONE = select(*_LIST).where(_batch.id == bindparam("batch_id"))
_BENEFITS = select(*_LINE, _programme.form).join_from(
    Benefit.__table__, Programme.__table__, _programme.id == _benefit.programme_id
)


@handles(contract.GetBatch)
def get_batch(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One list of one's unions."""
    return _reached(reading, request["batch_id"])


@handles(contract.ListBatches)
def list_batches(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of the lists of one's unions, newest first."""
    mine = reading.tree.below(reading.actor.roots(contract.READERS))
    statement = select(*_LIST).where(_batch.union_id.in_(mine))
    return newest_first(reading, statement, request, _batch.id, _LIST_FILTERS, _list_view)


@handles(contract.ListBenefits)
def list_benefits(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of who is on a list of one's unions."""
    _reached(reading, request["batch_id"])
    statement = _BENEFITS.where(_benefit.batch_id == request["batch_id"])
    return newest_first(reading, statement, request, _benefit.id, _BENEFIT_FILTERS, _benefit_view)


@handles(contract.ListMyBenefits)
def list_my_benefits(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of what was decided about oneself; nothing for an account that is linked to nobody."""
    own = (_benefit.subject_key == reading.actor.subject_key, _benefit.state.in_(DECIDED))
    return newest_first(reading, _BENEFITS.where(*own), request, _benefit.id, {}, _benefit_view)


_LIST_FILTERS: Filters = {
    "programme": lambda _, programme: _batch.programme_id == programme,
    "state": lambda _, state: _batch.state == state,
}
_BENEFIT_FILTERS: Filters = {"state": lambda _, state: _benefit.state == state}


def _reached(reading: Reading, batch_id: UUID) -> dict[str, Any]:
    """A list, if it belongs to one's unions. Raises Refused `not_found` or `outside_scope`."""
    row = reading.connection.execute(_ONE, {"batch_id": batch_id}).mappings().first()
    if row is None:
        raise Refused("not_found")
    reading.check_reach(row["union_id"], contract.READERS)
    return _list_view(row)


def _list_view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": BATCH.actions(row["state"])}


def _benefit_view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": BENEFIT.actions(row["state"])}
