"""Signing in and out: a short access token, and a refresh token that works once."""

from contracts import fields
from contracts.declare import Request, command, post
from contracts.roles import EVERYBODY
from contracts.schema import Schema


class Tokens(Schema):
    """What a signed-in client holds."""

    access_token = fields.Secret(longest=8192, required=True)
    refresh_token = fields.Secret(required=True)
    token_type = fields.Text(required=True)
    expires_in = fields.Count(required=True, metadata={"description": "Seconds until the access token ends"})


@command(
    post("/v1/sessions", 201),
    reply=Tokens,
    public=True,
    errors=("invalid_credentials", "too_many_requests"),
    keyed=False,
)
class SignIn(Request):
    """Sign in with a user name and a password."""

    username = fields.Text(longest=100, required=True)
    password = fields.Secret(required=True)


@command(post("/v1/sessions/refresh", 201), reply=Tokens, public=True, errors=("session_over",), keyed=False)
class RefreshSession(Request):
    """Exchange a refresh token for new tokens; one that was used before ends the session it came from."""

    refresh_token = fields.Secret(required=True)


class SignedOut(Schema):
    """The session is over; its tokens are refused from now on."""


# no key: the session is in the token, not in the request, so that a key used in one would answer for another
@command(post("/v1/sessions/end"), reply=SignedOut, roles=EVERYBODY, keyed=False)
class SignOut(Request):
    """End the session of the access token."""
