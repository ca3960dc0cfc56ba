"""Makes and reads access tokens: signed statements of who asks, good for ten minutes without asking a database."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OKPKey

from chassis.actor import Grant
from chassis.errors import Refused
from contracts.roles import Role
from gateway import settings
from gateway.caller import Caller
from gateway.sessions.rules import ACCESS_LIFE

#: EdDSA with Ed25519, under the name that RFC 9864 gives it; no other is accepted.
ALGORITHM = "Ed25519"
#: Who makes and who takes these tokens.
ISSUER = "urn:unionhall:gateway"
#: Characters of a token that is looked at; `MOST_GRANTS` of an account fit.
LONGEST = 8192


class AccessTokens:
    """Signs and verifies with one key, the same in every gateway process."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = OKPKey.import_key(key)
        self._public = OKPKey.import_key(key.public_key())
        required = {name: {"essential": True} for name in ("sub", "sid", "exp", "iat", "epoch", "grants")}
        issuer: Any = {"essential": True, "value": ISSUER}
        self._registry = jwt.JWTClaimsRegistry(now=lambda: int(time.time()), iss=issuer, **required)  # type: ignore[arg-type]

    def issue(
        self,
        account_id: UUID,
        session_id: UUID,
        epoch: int,
        grants: Iterable[Grant],
        subject_key: str | None = None,
        *,
        must_enrol: bool = False,
    ) -> str:
        """A token for an account and the person it is linked to; `epoch` must be read before the grants."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": str(account_id),
            "sid": str(session_id),
            "iat": now,
            "exp": now + int(ACCESS_LIFE.total_seconds()),
            "epoch": epoch,
            "grants": _packed(grants),
        }
        if subject_key is not None:
            claims["subject_key"] = subject_key
        if must_enrol:
            claims["must_enrol"] = True
        return jwt.encode({"alg": ALGORITHM, "typ": "at+jwt"}, claims, self._key, algorithms=[ALGORITHM])

    def verify(self, token: str) -> tuple[Caller, float]:
        """The caller and the machine time at which the token ends.

        Raises Refused `token_expired`, or `not_authenticated` for anything else that is wrong with it.
        """
        try:
            claims = self._claims(token)
            grants = _unpacked(claims["grants"])
            session_id, epoch, subject_key = UUID(claims["sid"]), int(claims["epoch"]), claims.get("subject_key")
            must_enrol = bool(claims.get("must_enrol"))
            caller = Caller(UUID(claims["sub"]), grants, session_id, epoch, must_enrol, subject_key=subject_key)
            return caller, float(claims["exp"])
        except ExpiredTokenError as error:
            raise Refused("token_expired") from error
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refused("not_authenticated") from error

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise ValueError("too long")
        decoded = jwt.decode(token, self._public, algorithms=[ALGORITHM])
        if decoded.header.get("typ") != "at+jwt":
            raise ValueError("another kind of token")
        self._registry.validate(decoded.claims)
        return decoded.claims


def _packed(grants: Iterable[Grant]) -> dict[str, list[str | None]]:
    """The unions of each role, each in 22 characters: in full, the grants of some accounts would outgrow a header."""
    packed: dict[str, list[str | None]] = {}
    for grant in grants:
        packed.setdefault(grant.role.value, []).append(None if grant.root is None else _short(grant.root))
    return packed


def _unpacked(packed: Mapping[str, Iterable[str | None]]) -> tuple[Grant, ...]:
    grants = ((Role(role), union) for role, unions in packed.items() for union in unions)
    return tuple(Grant(role, None if union is None else _long(union)) for role, union in grants)


def _short(union_id: UUID) -> str:
    return urlsafe_b64encode(union_id.bytes).decode().rstrip("=")


def _long(short: str) -> UUID:
    return UUID(bytes=urlsafe_b64decode(f"{short}=="))


@cache
def access_tokens() -> AccessTokens:
    """This process's own, with the key of its settings."""
    return AccessTokens(settings.loaded().token_key)
