"""Reading consents: those of one's unions' members, and one's own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select

from chassis.commands import handles
from chassis.paging import Filters, newest_first
from chassis.work import Reading
from contracts.membership import consents as contract
from services.membership.consents.models import Consent
from services.membership.consents.rules import CONSENT

_consent = Consent.__table__.c
_CONSENTS = select(*_consent)
_ONE = _CONSENTS.where(_consent.id == bindparam("consent_id"))


@handles(contract.GetConsent)
def get_consent(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """One consent by its id; of another's union none is found."""
    return _view(reading.one(_ONE.where(_of_own_unions(reading)), request))


@handles(contract.ListConsents)
def list_consents(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of consents, newest first."""
    return newest_first(reading, _CONSENTS.where(_of_own_unions(reading)), request, _consent.id, _FILTERS, _view)


@handles(contract.ListMyConsents)
def list_my_consents(reading: Reading, request: Mapping[str, Any]) -> dict[str, Any]:
    """A page of what the person agreed to whom the account is linked to; linked to nobody, it has none."""
    own = _CONSENTS.where(_consent.subject_key == reading.actor.subject_key)
    return newest_first(reading, own, request, _consent.id, _FILTERS, _view)


def _of_own_unions(reading: Reading) -> ColumnElement[bool]:
    return _consent.union_id.in_(reading.reach(contract.READERS))


_FILTERS: Filters = {
    "union": lambda reading, union: _consent.union_id.in_(reading.tree.below([union])),
    "subject_key": lambda _, subject_key: _consent.subject_key == subject_key,
    "purpose": lambda _, purpose: _consent.purpose == purpose,
    "state": lambda _, state: _consent.state == state,
}


def _view(row: RowMapping) -> dict[str, Any]:
    return {**row, "actions": CONSENT.actions(row["state"])}
