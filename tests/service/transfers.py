"""What tests of transfers share: a member on the way from one union to another."""

from typing import Any

from contracts.membership import register
from contracts.membership import transfers as contract
from tests.service.harness import LONG_AGO, Union, Universe
from tests.service.members import member

#: The work for which somebody moves.
WORK = {"worker_category": "13", "platform": "Swift Parcels", "station": "North gate"}


def transfer_fields(view: dict[str, Any], to: Union | str, **changes: Any) -> dict[str, Any]:
    union_id = to if isinstance(to, str) else to.id
    asked = {"to_union_id": union_id, "requested_on": LONG_AGO, "employment": WORK}
    return {"membership_id": view["id"], **asked, **changes}


def requested(universe: Universe, to: Union | None = None, view: Any = None, **changes: Any) -> dict[str, Any]:
    """A transfer that the officer of the home union asked for."""
    view = view or member(universe)
    asked = transfer_fields(view, to or universe.other, **changes)
    return universe.membership.do(contract.RequestTransfer, universe.home.officer, **asked)


def incoming(universe: Universe) -> dict[str, Any]:
    """A transfer to the home union, from one that nobody else acts for."""
    third = universe.approved_union()
    asked = transfer_fields(member(universe, third), universe.home)
    return universe.membership.do(contract.RequestTransfer, third.officer, **asked)


def accepted(
    universe: Universe, transfer: dict[str, Any], union: Union | None = None, **changes: Any
) -> dict[str, Any]:
    """The transfer after the new union's chair accepted it."""
    asked = {"transfer_id": transfer["id"], "decided_on": LONG_AGO, **changes}
    return universe.membership.do(contract.AcceptTransfer, (union or universe.other).chair, **asked)


def membership_of(universe: Universe, transfer: dict[str, Any]) -> dict[str, Any]:
    """The membership that is to move, as the zone sees it."""
    asked = {"membership_id": transfer["membership_id"]}
    return universe.membership.do(register.GetMember, universe.zone_officer, **asked)
