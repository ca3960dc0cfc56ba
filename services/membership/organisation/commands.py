"""Founding unions, and what the organisation above decides about them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import step
from chassis.work import Work
from contracts.declare import by_name
from contracts.membership import organisation as contract
from contracts.membership.posts import EndReason
from contracts.subscriptions import UNION_EVENTS
from kernel.identifiers import uscc
from kernel.states import NEW, Transition
from services.membership.enterprises.directory import are_registered
from services.membership.organisation.models import NAME_INDEX, UnionOrganization
from services.membership.organisation.rules import UNION, Composition, Facts
from services.membership.organisation.tree import depth, height, in_turn, keep_acting, unions_below
from services.membership.posts.commands import end_in_union
from services.membership.register.lookup import counted_in

_CONFLICTS = {str(NAME_INDEX.name): "union_name_taken"}
_EVENTS = by_name(*UNION_EVENTS)


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
    keep_acting(work.session, [request["superior_id"]], field="superior_id")
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
    if union.superior_id is not None:
        keep_acting(work.session, [union.superior_id], field="superior_id")
    union.state = taken.target
    union.approved_on = request["approved_on"]
    _tell(work, union, taken)
    return union


@handles(contract.AwardPlaque, on=UnionOrganization)
def award_plaque(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """Record the plaque."""
    facts = replace(_facts(work, union), on=request["awarded_on"], has_plaque=union.plaque_on is not None)
    return _changed(work, union, "award_plaque", facts, plaque_on=request["awarded_on"])


@handles(contract.RecordLegalPerson, on=UnionOrganization, conflicts={"uq_union_organization_uscc": "uscc_taken"})
def record_legal_person(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """Record the certificate; nothing of it is told, for nobody else decides by it."""
    facts = replace(
        _facts(work, union),
        on=request["issued_on"],
        until=request["valid_until"],
        is_union_code=uscc.parse(request["uscc"]).is_union,
    )
    certificate = {
        "uscc": request["uscc"],
        "legal_certificate_no": request["certificate_no"],
        "legal_certificate_until": request["valid_until"],
    }
    return _changed(work, union, "record_legal_person", facts, **certificate)


@handles(contract.RenameUnion, on=UnionOrganization, conflicts=_CONFLICTS)
def rename_union(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """Give the union another name."""
    names = {"name": request["name"], "short_name": request["short_name"]}
    return _changed(work, union, "rename", _facts(work, union), **names)


@handles(contract.MoveUnion, on=UnionOrganization, first=in_turn, conflicts=_CONFLICTS)
def move_union(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """Put the union under another superior, which the actor must reach as well."""
    keep_acting(work.session, [request["superior_id"]], field="superior_id")
    superior = work.tree.standing(work.session, request["superior_id"], work.actor.roots(contract.SUPERIORS))
    if superior is None:
        raise Refused("not_found", field="superior_id")
    if not superior.reached:
        raise Refused("outside_scope", field="superior_id")
    facts = replace(
        _facts(work, union),
        superior_state=superior.state,
        superior_depth=depth(work.session, request["superior_id"]) + height(work.session, union.id),
        below_itself=work.tree.reaches(work.session, request["superior_id"], [union.id]),
    )
    return _changed(work, union, "move", facts, superior_id=request["superior_id"])


@handles(contract.AssessUnion, on=UnionOrganization)
def assess_union(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """Set the rung; where it is the same, nothing is told."""
    if request["rung"] == union.rung:
        step(UNION, union.state, "assess_union", _facts(work, union))
        return union
    return _changed(work, union, "assess_union", _facts(work, union), rung=request["rung"])


@handles(contract.DissolveUnion, on=UnionOrganization)
def dissolve_union(work: Work, union: UnionOrganization, request: Mapping[str, Any]) -> UnionOrganization:
    """End the union. Whoever joins at this moment waits for it, and is refused."""
    facts = replace(
        _facts(work, union),
        on=request["dissolved_on"],
        basis=request["basis"],
        resolution_ref=request["resolution_ref"],
        members=counted_in(work.session, union.id),
        unions=unions_below(work.session, union.id),
    )
    how = {"dissolved_on": request["dissolved_on"], "dissolution_basis": request["basis"]}
    _changed(work, union, "dissolve", facts, **how, resolution_ref=request["resolution_ref"])
    end_in_union(work, union.id, request["dissolved_on"], EndReason.UNION_DISSOLVED)
    return union


def _facts(work: Work, union: UnionOrganization) -> Facts:
    return Facts(
        work.today,
        union.region_code,
        union.founded_on,
        union.approved_on,
        decided_above=_reaches_superior(work, union),
    )


def _changed(work: Work, union: UnionOrganization, command: str, facts: Facts, **values: Any) -> UnionOrganization:
    """Take a step, and tell the union's whole state after it."""
    taken = step(UNION, union.state, command, facts)
    for name, value in values.items():
        setattr(union, name, value)
    union.state = taken.target
    _tell(work, union, taken)
    return union


def _composition(request: Mapping[str, Any], enterprises: int) -> Composition:
    return Composition(request["org_kind"], request["founding_mode"], request["workforce"], enterprises)


def _found(work: Work, taken: Transition[Facts], details: Mapping[str, Any]) -> UnionOrganization:
    union = UnionOrganization(state=taken.target, rung=contract.Rung.FOUNDED, **details)
    work.session.add(union)
    _tell(work, union, taken)
    return union


def _tell(work: Work, union: UnionOrganization, taken: Transition[Facts]) -> None:
    for name in taken.events:
        work.publish(_EVENTS[name], union)


def _reaches_superior(work: Work, union: UnionOrganization) -> bool:
    if union.superior_id is None:
        return False
    roots = work.actor.roots(contract.SUPERIORS)
    return work.tree.reaches(work.session, union.superior_id, roots)
