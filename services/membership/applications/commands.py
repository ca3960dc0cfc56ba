"""Bringing in applications and deciding on them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.states import step
from chassis.work import Work
from contracts.membership import applications as contract
from contracts.membership.register import BELONGING, Channel
from kernel.privacy_notices import was_in_use
from kernel.states import NEW
from services.membership.applications.models import ONE_OPEN
from services.membership.applications.models import MembershipApplication as Application
from services.membership.applications.queries import one
from services.membership.applications.rules import APPLICATION, Facts
from services.membership.posts.lookup import is_responsible
from services.membership.register import changes, people
from services.membership.register.employments import check_employer, employ
from services.membership.register.identity import Identity, NotIdentified, identify
from services.membership.register.models import ONE_MEMBERSHIP, Membership, Person
from services.membership.vault import vault

_CONFLICTS = {str(ONE_OPEN.name): "application_pending", str(ONE_MEMBERSHIP.name): "already_a_member"}


@handles(contract.SubmitApplication, conflicts=_CONFLICTS)
def submit_application(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Bring in an application of somebody who belongs to no union and waits for no decision."""
    assert work.standing is not None
    employment = request["employment"]
    facts = Facts(
        work.today,
        work.actor.id,
        request["applied_on"],
        union_state=work.standing.state,
        employment_state=employment["employment_state"],
        employed_since=employment["started_on"],
    )
    taken = step(APPLICATION, NEW, "submit", facts)
    if not was_in_use(request["consent_version"], request["applied_on"], work.today):
        raise Refused("consent_missing", field="consent_version")
    check_employer(work, employment)
    person = _applicant(work, request)
    application = Application(
        region_code=work.standing.region_code,
        person_id=person.id,
        employment=employ(work, person, employment),
        state=taken.target,
        submitted_by=work.actor.id,
        **{name: request[name] for name in ("union_id", "channel", "applied_on", "consent_version")},
        **{name: request[name] for name in ("form_ref", "member_no")},
    )
    work.session.add(application)
    return _view(work, application)


@handles(contract.ApproveApplication, on=Application, conflicts=_CONFLICTS)
def approve_application(work: Work, application: Application, request: Mapping[str, Any]) -> dict[str, Any]:
    """Approve an application: the membership begins on the day of the decision."""
    _decide(work, application, "approve", request)
    changes.join(
        work,
        application.employment,
        union_id=application.union_id,
        region_code=application.region_code,
        joined_on=request["decided_on"],
        channel=Channel(application.channel),
        member_no=application.member_no,
        basis_application_id=application.id,
    )
    return _view(work, application)


@handles(contract.RejectApplication, on=Application)
def reject_application(work: Work, application: Application, request: Mapping[str, Any]) -> dict[str, Any]:
    """Reject an application with a reason."""
    _decide(work, application, "reject", request)
    application.reject_reason = request["reason"]
    return _view(work, application)


@handles(contract.WithdrawApplication, on=Application)
def withdraw_application(work: Work, application: Application, _request: Mapping[str, Any]) -> dict[str, Any]:
    """Take an application back."""
    facts = Facts(work.today, work.actor.id, application.applied_on)
    application.state = step(APPLICATION, application.state, "withdraw", facts).target
    return _view(work, application)


def _applicant(work: Work, request: Mapping[str, Any]) -> Person:
    """The person of the application, new or known from before, locked until the unit of work ends."""
    told, consent_version, own = request["person"], request["consent_version"], vault(work)
    identity = _identify(told, request)
    known = people.find(work.session, own, identity)
    person = known or people.add(work.session, own, identity, told, consent_version)
    _check_free(work, person)
    if known is not None:
        people.renew(own, known, identity, told, consent_version)
    return person


def _identify(told: Mapping[str, Any], request: Mapping[str, Any]) -> Identity:
    try:
        return identify(told, request["applied_on"])
    except NotIdentified as error:
        errors = [{**fault, "field": f"person.{fault['field']}"} for fault in error.faults]
        raise Refused("invalid_request", errors=errors) from None


def _check_free(work: Work, person: Person) -> None:
    """Raise Refused where the person belongs to a union or waits for one (R-MEM-07); nothing of either is told."""
    member = exists().where(Membership.person_id == person.id, Membership.state.in_(BELONGING))
    pending = exists().where(
        Application.person_id == person.id, Application.state == contract.ApplicationState.SUBMITTED
    )
    is_member, is_pending = work.session.execute(select(member, pending)).one()
    if is_member or is_pending:
        raise Refused("already_a_member" if is_member else "application_pending")


def _decide(work: Work, application: Application, command: str, request: Mapping[str, Any]) -> None:
    facts = Facts(
        work.today,
        work.actor.id,
        application.applied_on,
        submitted_by=application.submitted_by,
        decided_on=request["decided_on"],
        is_responsible=is_responsible(work, application.union_id),
    )
    application.state = step(APPLICATION, application.state, command, facts).target
    application.decided_on, application.decided_by = request["decided_on"], work.actor.id


def _view(work: Work, application: Application) -> dict[str, Any]:
    work.session.flush()
    return one(work.session, vault(work), application.id)
