"""Makes and reads access tokens: signed statements of who asks, good for ten minutes without asking a database."""

import time
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OKPKey

from chassis.actor import Actor, Grant
from chassis.errors import Refused
from gateway import settings
from gateway.caller import Caller
from gateway.sessions.rules import ACCESS_LIFE

#: EdDSA with Ed25519, under the name that RFC 9864 gives it; no other is accepted.
ALGORITHM = "Ed25519"
#: Who makes and who takes these tokens.
ISSUER = "urn:unionhall:gateway"
#: Characters of a token that is looked at.
LONGEST = 8192


class AccessTokens:
    """Signs and verifies with one key, the same in every gateway process."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = OKPKey.import_key(key)
        self._public = OKPKey.import_key(key.public_key())
        required = {name: {"essential": True} for name in ("sub", "sid", "exp", "iat", "epoch", "grants")}
        issuer: Any = {"essential": True, "value": ISSUER}
        self._registry = jwt.JWTClaimsRegistry(now=lambda: int(time.time()), iss=issuer, **required)  # type: ignore[arg-type]

    def issue(self, account_id: UUID, session_id: UUID, epoch: int, grants: Iterable[Grant]) -> str:
        """A token for an account; `epoch` must be read before the grants."""
        now = int(time.time())
        actor: dict[str, Any] = orjson.loads(Actor(account_id, tuple(grants)).to_wire())
        claims = {
            "iss": ISSUER,
            "sub": actor["id"],
            "sid": str(session_id),
            "iat": now,
            "exp": now + int(ACCESS_LIFE.total_seconds()),
            "epoch": epoch,
            "grants": actor["grants"],
        }
        return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt"}, claims, self._key, algorithms=[ALGORITHM])

    def verify(self, token: str) -> tuple[Caller, float]:
        """The caller and the machine time at which the token ends.

        Raises Refused `token_expired`, or `not_authenticated` for anything else that is wrong with it.
        """
        try:
            claims = self._claims(token)
            actor = Actor.from_wire(orjson.dumps({"id": claims["sub"], "grants": claims["grants"]}).decode())
            return Caller(actor.id, actor.grants, UUID(claims["sid"]), int(claims["epoch"])), float(claims["exp"])
        except ExpiredTokenError as error:
            raise Refused("token_expired") from error
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Refused("not_authenticated") from error

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise ValueError("too long")
        decoded = jwt.decode(token, self._public, algorithms=[ALGORITHM])
        if decoded.header.get("typ") != "at+jwt":
            raise ValueError("another kind of token")
        self._registry.validate(decoded.claims)
        return decoded.claims


@cache
def access_tokens() -> AccessTokens:
    """This process's own, with the key of its settings."""
    return AccessTokens(settings.load().token_key)
