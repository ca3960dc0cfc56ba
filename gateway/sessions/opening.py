"""Gives a session its next pair of tokens; signing in and refreshing end here."""

import hashlib
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from chassis.actor import Grant
from contracts.gateway.accounts import GrantState
from contracts.roles import Role
from gateway.accounts.models import RoleGrant
from gateway.sessions.models import RefreshToken
from gateway.sessions.rules import ACCESS_LIFE
from gateway.sessions.tokens import access_tokens

#: Random bytes of a refresh token.
_ENTROPY = 32
_grant = RoleGrant.__table__.c
_ACTIVE = (
    select(_grant.role, _grant.union_id)
    .where(_grant.account_id == bindparam("account_id"), _grant.state == GrantState.ACTIVE.value)
    .order_by(_grant.id)
)


def digest(refresh_token: str) -> bytes:
    """What the database keeps of a refresh token."""
    return hashlib.sha256(refresh_token.encode()).digest()


def tokens(session: Session, account_id: UUID, epoch: int, session_id: UUID) -> dict[str, Any]:
    """New tokens for a session, whose row is in the database; `epoch` was read in this unit of work."""
    refresh_token = secrets.token_urlsafe(_ENTROPY)
    session.execute(insert(RefreshToken).values(digest=digest(refresh_token), session_id=session_id))
    held = [Grant(Role(role), union_id) for role, union_id in session.execute(_ACTIVE, {"account_id": account_id})]
    return {
        "access_token": access_tokens().issue(account_id, session_id, epoch, (Grant(Role.WORKER), *held)),
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
    }
