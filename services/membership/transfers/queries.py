"""Reading transfers: one, or a page of them; from and to the actor's own unions, and always masked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.tree import Bind
from chassis.work import Reading
from contracts.membership import transfers as contract
from services.membership.register import people
from services.membership.register.models import Membership, Person
from services.membership.transfers.models import Transfer
from services.membership.transfers.rules import actions
from services.membership.vault import Vault, vault

_TRANSFERS = (
    select(
        *(Transfer.id, Transfer.version, Transfer.membership_id, Transfer.from_union_id, Transfer.to_union_id),
        *(Transfer.basis, Transfer.state, Transfer.requested_on, Transfer.answer_due, Transfer.decided_on),
        *(Transfer.decline_reason, *people.SEALED, Person.subject_key),
    )
    .join(Membership, Membership.id == Transfer.membership_id)
    .join(Person, Person.id == Membership.person_id)
)


@handles(contract.GetTransfer)
def get_transfer(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One transfer; of others' unions there is none."""
    asked = _TRANSFERS.where(Transfer.id == bindparam("transfer_id"), _own(reading))
    [shown] = _views(vault(reading), [reading.one(asked, request)])
    return shown


@handles(contract.ListTransfers)
def list_transfers(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of transfers, newest first."""
    page = newest_first(reading, _TRANSFERS.where(_own(reading)), request, Transfer.id, _FILTERS)
    return {**page, "items": _views(vault(reading), page["items"])}


def one(bind: Bind, own: Vault, transfer_id: UUID) -> dict[str, Any]:
    """The view of a transfer that a command has made or answered."""
    [shown] = _views(own, bind.execute(_TRANSFERS.where(Transfer.id == transfer_id)).mappings().all())
    return shown


def _own(reading: Reading) -> ColumnElement[bool]:
    """Both unions read it: the old one what became of its member, the new one whom it is to take over."""
    reached = reading.reach(contract.READERS)
    return or_(Transfer.from_union_id.in_(reached), Transfer.to_union_id.in_(reached))


_FILTERS: Filters = {
    "from_union": lambda reading, union: Transfer.from_union_id.in_(reading.tree.below([union])),
    "to_union": lambda reading, union: Transfer.to_union_id.in_(reading.tree.below([union])),
    "state": lambda _, state: Transfer.state == state,
}


def _views(own: Vault, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    return [{**row, "actions": actions(row["state"])} for row in people.masked(own, rows)]
