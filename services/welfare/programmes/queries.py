"""Reading programmes; what is given to whom is public."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.welfare import programmes as contract
from services.welfare.programmes.models import Programme
from services.welfare.programmes.rules import PROGRAMME

_programme = Programme.__table__.c
_SHOWN = [_programme[name] for name in contract.ProgrammeView._declared_fields if name in _programme]
_ONE = select(*_SHOWN).where(_programme.id == bindparam("programme_id"))


@handles(contract.GetProgramme)
def get_programme(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One programme by its id."""
    row = reading.connection.execute(_ONE, request).mappings().first()
    if row is None:
        raise Refused("not_found")
    return _view(row)


@handles(contract.ListProgrammes)
def list_programmes(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of programmes, newest first."""
    return newest_first(reading, select(*_SHOWN), request, _programme.id, _FILTERS, _view)


_FILTERS: Filters = {
    "union": lambda reading, union: _programme.union_id.in_(reading.tree.below([union])),
    "kind": lambda _, kind: _programme.kind == kind,
    "year": lambda _, year: _programme.year == year,
    "state": lambda _, state: _programme.state == state,
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": PROGRAMME.actions(row["state"])}
