"""Reading the lists of one's unions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.welfare import batches as contract
from services.welfare.batches.models import Batch
from services.welfare.batches.rules import BATCH

_batch = Batch.__table__.c
_SHOWN = [_batch[name] for name in contract.BatchView._declared_fields if name in _batch]
_ONE = select(*_SHOWN).where(_batch.id == bindparam("batch_id"))


@handles(contract.GetBatch)
def get_batch(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One list of one's unions. Raises Refused `not_found` or `outside_scope`."""
    row = reading.connection.execute(_ONE, {"batch_id": request["batch_id"]}).mappings().first()
    if row is None:
        raise Refused("not_found")
    reading.check_reach(row["union_id"], contract.READERS)
    return _view(row)


@handles(contract.ListBatches)
def list_batches(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of the lists of one's unions, newest first."""
    mine = reading.tree.below(reading.actor.roots(contract.READERS))
    statement = select(*_SHOWN).where(_batch.union_id.in_(mine))
    return newest_first(reading, statement, request, _batch.id, _FILTERS, _view)


_FILTERS: Filters = {
    "programme": lambda _, programme: _batch.programme_id == programme,
    "state": lambda _, state: _batch.state == state,
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": BATCH.actions(row["state"])}
