"""Giving consent and withdrawing it, oneself or on paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import step
from chassis.work import Work
from contracts.declare import by_name
from contracts.membership import consents as contract
from kernel.privacy_notices import was_in_use
from kernel.states import NEW, Transition
from services.membership.consents.models import ONE_GRANTED, Consent
from services.membership.consents.rules import CONSENT, Facts
from services.membership.register.lookup import known
from services.membership.register.models import Person

_CONFLICTS = {str(ONE_GRANTED.name): "already_granted"}
_EVENTS = by_name(contract.ConsentGranted, contract.ConsentWithdrawn)


@handles(contract.RecordConsent, conflicts=_CONFLICTS)
def record_consent(work: Work, request: Mapping[str, Any]) -> Consent:
    """Record what a member of one's unions signed."""
    union_id = _union_of(work, request["subject_key"])
    if union_id is None:
        raise Refused("not_a_member_there", field="subject_key")
    work.check_reach(union_id, contract.RECORDERS)
    given = {"channel": contract.ConsentChannel.PAPER, "form_ref": request["form_ref"]}
    return _grant(work, request, union_id, request["subject_key"], request["granted_on"], **given)


@handles(contract.GiveConsent, conflicts=_CONFLICTS)
def give_consent(work: Work, request: Mapping[str, Any]) -> Consent:
    """Record what the person agrees to whom the account is linked to."""
    own = work.actor.subject_key
    union_id = None if own is None else _union_of(work, own)
    if own is None or union_id is None:
        raise Refused("not_a_member")
    return _grant(work, request, union_id, own, work.today, channel=contract.ConsentChannel.WEB)


@handles(contract.RecordWithdrawal, on=Consent)
def record_withdrawal(work: Work, consent: Consent, request: Mapping[str, Any]) -> Consent:
    """Record what a member signed."""
    return _withdraw(work, consent, request["withdrawn_on"])


def own_consent(work: Work, consent: Consent) -> None:
    """Raise Refused `not_found` about anybody else's: that there is one is nobody's business."""
    if work.actor.subject_key != consent.subject_key:
        raise Refused("not_found")


@handles(contract.WithdrawConsent, on=Consent, right=own_consent)
def withdraw_consent(work: Work, consent: Consent, _request: Mapping[str, Any]) -> Consent:
    """End it today."""
    return _withdraw(work, consent, work.today)


def _union_of(work: Work, subject_key: str) -> UUID | None:
    """Where the person is a member now. Raises Refused `unknown_subject`."""
    person = known(work.session, subject_key)
    if person is None:
        raise Refused("unknown_subject", field="subject_key")
    return person.union_id


def _grant(
    work: Work, request: Mapping[str, Any], union_id: UUID, subject_key: str, granted_on: date, **given: Any
) -> Consent:
    facts = Facts(
        work.today,
        granted_on,
        request["purpose"],
        request["recipient"],
        text_in_use=was_in_use(request["text_version"], granted_on, granted_on),
    )
    taken = step(CONSENT, NEW, "grant", facts)
    union = work.tree.standing(work.session, union_id, ())
    assert union is not None, "members belong to unions that are known"
    consent = Consent(
        region_code=union.region_code,
        person_id=work.session.scalars(select(Person.id).where(Person.subject_key == subject_key)).one(),
        subject_key=subject_key,
        union_id=union_id,
        granted_on=granted_on,
        **{name: request[name] for name in ("purpose", "text_version", "recipient")},
        **given,
    )
    work.session.add(consent)
    return _tell(work, consent, taken)


def _withdraw(work: Work, consent: Consent, withdrawn_on: date) -> Consent:
    facts = Facts(work.today, consent.granted_on, consent.purpose, withdrawn_on=withdrawn_on)
    taken = step(CONSENT, consent.state, "withdraw", facts)
    consent.withdrawn_on = withdrawn_on
    return _tell(work, consent, taken)


def _tell(work: Work, consent: Consent, taken: Transition[Facts]) -> Consent:
    """Move the consent and publish what the step says."""
    consent.state = taken.target
    for name in taken.events:
        work.publish(_EVENTS[name], consent)
    return consent
