"""Consent beside the general one to being registered: each for one purpose, and withdrawn as easily as it was given."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import Role
from contracts.schema import Schema


class Purpose(StrEnum):
    """For what somebody's data may be used; each needs a consent of its own (个人信息保护法 arts 23, 25, 29)."""

    #: To be named in public (art 25).
    PUBLICATION = "publication"
    #: Who goes to a health check is told to the hospital (arts 23, 29).
    HEALTH_CHECK = "health_check"
    #: Who goes on a recuperation trip is told to the travel agency (art 23).
    RECUPERATION = "recuperation"
    #: To be given to another body, which the consent names (art 23).
    SHARING = "sharing"


class ConsentChannel(StrEnum):
    """How a consent was given or withdrawn."""

    PAPER = "paper"
    WEB = "web"


class ConsentState(StrEnum):
    """Whether a consent holds."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


#: Roles that record what members of their unions signed.
RECORDERS = (Role.OFFICER, Role.CHAIR, Role.ZONE_OFFICER)
#: Roles that read them.
READERS = (*RECORDERS, Role.ZONE_LEADER)


class ConsentView(Schema):
    """A consent of a person."""

    id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    union_id = fields.Id(required=True, metadata={"description": "Where the person was a member when it was given"})
    purpose = fields.Code(Purpose, required=True)
    text_version = fields.Text(longest=40, required=True)
    recipient = fields.Text(required=True, allow_none=True)
    channel = fields.Code(ConsentChannel, required=True)
    state = fields.Code(ConsentState, required=True)
    granted_on = fields.LocalDate(required=True)
    withdrawn_on = fields.LocalDate(required=True, allow_none=True)
    form_ref = fields.Text(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _Consent(Request):
    purpose = fields.Code(Purpose, required=True)
    text_version = fields.ConsentVersion()
    recipient = fields.Text(
        load_default=None, allow_none=True, metadata={"description": "Who gets the data; needed for sharing alone"}
    )


#: How a consent may be refused.
_GRANT_ERRORS = ("consent_missing", "recipient_missing", "recipient_needless", "already_granted")


@command(
    post("/v1/consents", 201),
    reply=ConsentView,
    roles=RECORDERS,
    errors=(*_GRANT_ERRORS, "unknown_subject", "not_a_member_there", "outside_scope", "date_in_future"),
)
class RecordConsent(_Consent):
    """Record a consent that a member signed on paper."""

    subject_key = fields.SubjectKey(required=True)
    granted_on = fields.LocalDate(required=True)
    form_ref = fields.Text(required=True)


@command(
    post("/v1/me/consents", 201),
    reply=ConsentView,
    roles=(Role.MEMBER,),
    errors=(*_GRANT_ERRORS, "not_a_member"),
)
class GiveConsent(_Consent):
    """Give a consent oneself."""


class _OnConsent(Request):
    consent_id = fields.Id(required=True)


@command(
    post("/v1/consents/{consent_id}/withdraw"),
    reply=ConsentView,
    roles=RECORDERS,
    scope=Scope.RECORD,
    errors=("illegal_transition", "date_in_future", "ends_before_start"),
    versioned=True,
)
class RecordWithdrawal(_OnConsent):
    """Record that a member withdrew a consent on paper; it holds from that day on (个人信息保护法 art 15)."""

    withdrawn_on = fields.LocalDate(required=True)


@command(
    post("/v1/me/consents/{consent_id}/withdraw"),
    reply=ConsentView,
    roles=(Role.MEMBER, Role.WORKER),
    errors=("not_found", "illegal_transition"),
    versioned=True,
)
class WithdrawConsent(_OnConsent):
    """Withdraw a consent oneself; whoever is a member no longer can do so too."""


class _ConsentList(PageRequest):
    purpose = fields.Code(Purpose)
    state = fields.Code(ConsentState)


@query(get("/v1/consents/{consent_id}"), reply=ConsentView, roles=READERS, errors=("not_found",))
class GetConsent(_OnConsent):
    """Read one consent of a member of one's unions."""


@query(get("/v1/consents"), reply=page_of(ConsentView), roles=READERS, scope=Scope.FILTER)
class ListConsents(_ConsentList):
    """List the consents of one's unions' members, newest first."""

    union = fields.Id(metadata={"description": "Of this union or one below it"})
    subject_key = fields.SubjectKey()


@query(get("/v1/me/consents"), reply=page_of(ConsentView), roles=(Role.MEMBER, Role.WORKER))
class ListMyConsents(_ConsentList):
    """List one's own consents, newest first."""


class _ConsentEvent(Event):
    consent_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    purpose_code = fields.Code(Purpose, required=True)
    state = fields.Code(ConsentState, required=True)
    effective_at = fields.LocalDate(required=True)


@event(Classification.SENSITIVE, subject="consent_id")
class ConsentGranted(_ConsentEvent):
    """Somebody agreed that their data are used for a purpose."""


@event(Classification.SENSITIVE, subject="consent_id")
class ConsentWithdrawn(_ConsentEvent):
    """Somebody agrees no longer."""
