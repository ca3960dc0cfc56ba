"""Reading enterprises: one, or a page of those in an area, of a name or of a code."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, or_, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import decode_id, page
from chassis.work import Reading
from contracts.membership import enterprises as contract
from services.membership.enterprises.models import Enterprise
from services.membership.enterprises.rules import COMMANDS

_enterprise = Enterprise.__table__.c
_ONE = select(*_enterprise).where(_enterprise.id == bindparam("enterprise_id"))


@handles(contract.GetEnterprise)
def get_enterprise(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One enterprise by its id."""
    row = reading.connection.execute(_ONE, request).mappings().first()
    if row is None:
        raise Refused("not_found")
    return _view(row)


@handles(contract.ListEnterprises)
def list_enterprises(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of enterprises, newest first."""
    statement = select(*_enterprise).order_by(_enterprise.id.desc()).limit(request["limit"] + 1)
    asked = [_FILTERS[name](reading, value) for name, value in request.items() if name in _FILTERS]
    rows = [_view(row) for row in reading.connection.execute(statement.where(*asked)).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


def _named(_reading: Reading, part: str) -> ColumnElement[bool]:
    names = (_enterprise.name, _enterprise.short_name)
    # what is searched for may hold the signs that LIKE takes for any text
    return or_(*(name.icontains(part, autoescape=True) for name in names))


_FILTERS: Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]] = {
    "under": lambda reading, union: _enterprise.federation_id.in_(reading.tree.below([union])),
    "name": _named,
    "uscc": lambda _, uscc: _enterprise.uscc == uscc,
    "cursor": lambda _, cursor: _enterprise.id < decode_id(cursor),
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": COMMANDS}
