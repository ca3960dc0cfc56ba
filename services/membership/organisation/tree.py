"""The union tree as membership knows it: its own table, never a copy."""

from sqlalchemy import select

from chassis.tree import UnionTree
from services.membership.organisation.models import UnionOrganization

_union = UnionOrganization.__table__.c

tree = UnionTree(
    select(_union.id.label("union_id"), _union.superior_id, _union.state, _union.region_code), unknown="not_found"
)
