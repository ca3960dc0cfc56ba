"""The second factor: an app that shows a code every half minute, and recovery codes for whoever lost the app."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Request, command, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema

#: Characters of a code with the blanks and hyphens that people type into it.
LONGEST_CODE = 40
_ABOUT_CODE = "The six digits that the app shows now, or a recovery code; blanks, hyphens and case do not matter"


class FactorState(StrEnum):
    """Where a second factor stands: its app has not shown that it has the secret, or signing in asks for its codes."""

    PENDING = "pending"
    ACTIVE = "active"


class RemovalState(StrEnum):
    """Where the removal of somebody's second factor stands."""

    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"


def typed_code(**details: bool | None) -> fields.Secret:
    """The field for a code of the app or a recovery code."""
    return fields.Secret(LONGEST_CODE, metadata={"description": _ABOUT_CODE}, **details)


class NewSecondFactor(Schema):
    """What an authenticator app needs; it is shown this once."""

    uri = fields.Secret(required=True, metadata={"description": "`otpauth://totp/…`, as apps read it from a QR code"})
    secret = fields.Secret(required=True, metadata={"description": "The same secret in base32, to be typed"})
    state = fields.Code(FactorState, required=True)


# no key: a reply that holds secrets is not kept to be repeated
@command(
    post("/v1/me/second-factor", 201),
    reply=NewSecondFactor,
    roles=EVERYBODY,
    errors=("not_found", "current_password_wrong", "code_wrong"),
    keyed=False,
    before_factor=True,
)
class BeginSecondFactor(Request):
    """Begin to enrol an authenticator app, or to replace the one that is enrolled, which holds until the new one does.

    A wrong password or code counts as an attempt to sign in. Asked again, the app that was not confirmed is forgotten.
    """

    current_password = fields.Secret(required=True)
    code = typed_code(load_default=None, allow_none=True)


class RecoveryCodes(Schema):
    """Codes that each stand in for the app once; they are shown this once, and earlier ones no longer count."""

    recovery_codes = fields.Many(fields.Secret(), required=True)


@command(
    post("/v1/me/second-factor/confirm"),
    reply=RecoveryCodes,
    roles=EVERYBODY,
    errors=("not_found", "no_second_factor", "code_wrong"),
    keyed=False,
    before_factor=True,
)
class ConfirmSecondFactor(Request):
    """Show by a first code that the app has the secret: from now on signing in asks for a code.

    Every other session of the account ends; a refresh gives the present one the roles that waited for the factor.
    """

    code = typed_code(required=True)


class SecondFactorRemovalView(Schema):
    """That administrators take the second factor off an account whose owner has neither the app nor a recovery code."""

    id = fields.Id(required=True)
    account_id = fields.Id(required=True)
    state = fields.Code(RemovalState, required=True)
    proposed_by = fields.Id(required=True)
    decided_by = fields.Id(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


@command(
    post("/v1/second-factor-removals", 201),
    reply=SecondFactorRemovalView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "no_second_factor", "own_second_factor", "removal_proposed"),
)
class ProposeSecondFactorRemoval(Request):
    """Propose to take the second factor off another account."""

    account_id = fields.Id(required=True)


class _OnRemoval(Request):
    removal_id = fields.Id(required=True)


@command(
    post("/v1/second-factor-removals/{removal_id}/approve"),
    reply=SecondFactorRemovalView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition", "maker_is_checker", "own_second_factor", "no_second_factor"),
    versioned=True,
)
class ApproveSecondFactorRemoval(_OnRemoval):
    """Take the second factor off, as another administrator than the one who proposed it, and end all sessions."""


@command(
    post("/v1/second-factor-removals/{removal_id}/refuse"),
    reply=SecondFactorRemovalView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition"),
    versioned=True,
)
class RefuseSecondFactorRemoval(_OnRemoval):
    """Refuse a proposed removal."""


@query(
    get("/v1/second-factor-removals"),
    reply=page_of(SecondFactorRemovalView),
    roles=(Role.SECURITY_ADMIN, Role.AUDITOR),
)
class ListSecondFactorRemovals(PageRequest):
    """List removals of second factors, newest first."""

    account_id = fields.Id()
    state = fields.Code(RemovalState)
