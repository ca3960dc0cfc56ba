"""Reading unions: one, a page of them, or a whole tree."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, literal, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.paging import Filters, newest_first
from chassis.tree import DEEPEST
from chassis.work import Reading
from contracts.membership import organisation as contract
from services.membership.organisation.models import UnionOrganization
from services.membership.organisation.rules import UNION

#: Nodes that one answer may hold; it is what the contract promises.
LARGEST_TREE = 10_000

_union = UnionOrganization.__table__.c
_ONE = select(*_union).where(_union.id == bindparam("union_id"))


@handles(contract.GetUnion)
def get_union(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One union by its id."""
    return _view(reading.one(_ONE, request))


@handles(contract.ListUnions)
def list_unions(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of unions, newest first."""
    return newest_first(reading, select(*_union), request, _union.id, _FILTERS, _view)


@handles(contract.GetUnionTree)
def get_union_tree(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A union and all below it, or all trees, parents before children."""
    root = request.get("root")
    nodes = reading.connection.execute(_BELOW if root else _ALL, {"root": root} if root else {}).mappings().all()
    if root and not nodes:
        raise Refused("not_found", field="root")
    if len(nodes) > LARGEST_TREE:
        raise Refused("answer_too_long", field="root")
    return {"nodes": nodes}


def _tree(start: Any) -> Select[Any]:
    node = (_union.id, _union.superior_id, _union.name, _union.state)
    found = select(*node, literal(0).label("depth")).where(start).cte("found", recursive=True)
    deeper = select(*node, found.c.depth + 1).where(_union.superior_id == found.c.id, found.c.depth < DEEPEST)
    found = found.union_all(deeper)
    return select(found).order_by(found.c.depth, found.c.id).limit(LARGEST_TREE + 1)


_FILTERS: Filters = {"under": lambda reading, union: _union.id.in_(reading.tree.below([union]))}
_BELOW = _tree(_union.id == bindparam("root"))
_ALL = _tree(_union.superior_id.is_(None))


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": UNION.actions(row["state"])}
