"""Signing in and out: a short access token, and a refresh token that works once."""

from contracts import fields
from contracts.declare import Request, command, post
from contracts.gateway import second_factor
from contracts.roles import EVERYBODY
from contracts.schema import Schema

_ABOUT_ENROLLING = (
    "Whether the session may do nothing but enrol a second factor, without which the roles of its account do not take "
    "effect; once it is confirmed, a refresh gives a token that carries them"
)


class Tokens(Schema):
    """What a signed-in client holds."""

    access_token = fields.Secret(longest=8192, required=True)
    refresh_token = fields.Secret(required=True)
    token_type = fields.Text(required=True)
    expires_in = fields.Count(required=True, metadata={"description": "Seconds until the access token ends"})
    must_enrol = fields.Flag(required=True, metadata={"description": _ABOUT_ENROLLING})


@command(
    post("/v1/sessions", 201),
    reply=Tokens,
    public=True,
    errors=("invalid_credentials", "second_factor_needed", "second_factor_wrong", "too_many_requests"),
    keyed=False,
)
class SignIn(Request):
    """Sign in with a user name, a password and, where a second factor is enrolled, a code.

    Without the code the right password is answered `second_factor_needed`. A code works once.
    """

    username = fields.Text(longest=100, required=True)
    password = fields.Secret(required=True)
    code = second_factor.typed_code(load_default=None, allow_none=True)


@command(post("/v1/sessions/refresh", 201), reply=Tokens, public=True, errors=("session_over",), keyed=False)
class RefreshSession(Request):
    """Exchange a refresh token for new tokens; one that was used before ends the session it came from."""

    refresh_token = fields.Secret(required=True)


class SignedOut(Schema):
    """The session is over; its tokens are refused from now on."""


# no key: the session is in the token, not in the request, so that a key used in one would answer for another
@command(post("/v1/sessions/end"), reply=SignedOut, roles=EVERYBODY, keyed=False, before_factor=True)
class SignOut(Request):
    """End the session of the access token."""
