"""Founding and approving unions."""

from collections.abc import Mapping
from typing import Any

from chassis.commands import handles
from chassis.states import step
from chassis.work import Work
from contracts.declare import by_name
from contracts.membership import organisation as contract
from kernel.states import NEW, Transition
from services.membership.enterprises.directory import are_registered
from services.membership.organisation.models import NAME_INDEX, UnionOrganization
from services.membership.organisation.rules import UNION, Composition, Facts
from services.membership.organisation.tree import depth

_CONFLICTS = {str(NAME_INDEX.name): "union_name_taken"}
_EVENTS = by_name(contract.UnionFounded, contract.UnionApproved)


@handles(contract.RegisterFederation, conflicts=_CONFLICTS)
def register_federation(work: Work, request: Mapping[str, Any]) -> UnionOrganization:
    """Record a federation that was approved outside the platform; it is the root of a tree."""
    facts = Facts(work.today, request["region_code"], request["founded_on"], request["approved_on"])
    taken = step(UNION, NEW, "register", facts)
    kind = {"org_kind": contract.OrgKind.FEDERATION, "founding_mode": contract.FoundingMode.REGIONAL}
    return _found(work, taken, {**request, **kind, "superior_id": None, "enterprise_ids": []})


@handles(contract.FoundUnion, conflicts=_CONFLICTS)
def found_union(work: Work, request: Mapping[str, Any]) -> UnionOrganization:
    """Submit a founding to the superior that the request names."""
    assert work.standing is not None
    enterprise_ids = list(dict.fromkeys(request["enterprise_ids"]))
    facts = Facts(
        work.today,
        request["region_code"],
        request["founded_on"],
        superior_state=work.standing.state,
        superior_depth=depth(work.session, request["superior_id"]),
        composition=_composition(request, len(enterprise_ids)),
        enterprises_known=are_registered(work.session, enterprise_ids),
    )
    return _found(work, step(UNION, NEW, "submit_founding", facts), {**request, "enterprise_ids": enterprise_ids})


@handles(contract.ApproveUnion, on=UnionOrganization)
def approve_union(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """Approve a founding as an organisation above the union."""
    facts = Facts(
        work.today,
        union.region_code,
        union.founded_on,
        request["approved_on"],
        decided_above=_reaches_superior(work, union),
    )
    taken = step(UNION, union.state, "approve", facts)
    union.state = taken.target
    union.approved_on = request["approved_on"]
    _tell(work, union, taken)
    return union


def _composition(request: Mapping[str, Any], enterprises: int) -> Composition:
    return Composition(request["org_kind"], request["founding_mode"], request["workforce"], enterprises)


def _found(work: Work, taken: Transition[Facts], details: Mapping[str, Any]) -> UnionOrganization:
    union = UnionOrganization(state=taken.target, **details)
    work.session.add(union)
    _tell(work, union, taken)
    return union


def _tell(work: Work, union: UnionOrganization, taken: Transition[Facts]) -> None:
    for name in taken.events:
        work.publish(_EVENTS[name], union)


def _reaches_superior(work: Work, union: UnionOrganization) -> bool:
    if union.superior_id is None:
        return False
    roots = work.actor.roots(contract.ApproveUnion.operation.roles)
    return work.tree.reaches(work.session, union.superior_id, roots)
