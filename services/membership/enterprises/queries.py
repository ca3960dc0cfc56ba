"""Reading enterprises: one, or a page of those in an area, of a name or of a code."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, or_, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.membership import enterprises as contract
from services.membership.enterprises.models import Enterprise
from services.membership.enterprises.rules import COMMANDS

_enterprise = Enterprise.__table__.c
_ONE = select(*_enterprise).where(_enterprise.id == bindparam("enterprise_id"))


@handles(contract.GetEnterprise)
def get_enterprise(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One enterprise by its id."""
    return _view(reading.one(_ONE, request))


@handles(contract.ListEnterprises)
def list_enterprises(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of enterprises, newest first."""
    return newest_first(reading, select(*_enterprise), request, _enterprise.id, _FILTERS, _view)


def _named(_reading: Reading, part: str) -> ColumnElement[bool]:
    names = (_enterprise.name, _enterprise.short_name)
    # what is searched for may hold the signs that LIKE takes for any text
    return or_(*(name.icontains(part, autoescape=True) for name in names))


_FILTERS: Filters = {
    "under": lambda reading, union: _enterprise.federation_id.in_(reading.tree.below([union])),
    "name": _named,
    "uscc": lambda _, uscc: _enterprise.uscc == uscc,
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": COMMANDS}
