"""Gives a session its next pair of tokens; signing in and refreshing end here."""

import hashlib
import secrets
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import insert

from chassis.actor import Grant
from chassis.work import Work
from contracts.roles import Role
from gateway import settings
from gateway.accounts.roles import HeldRoles, roles_held, subject_of
from gateway.second_factor.rules import needs_factor
from gateway.second_factor.taking import is_enrolled
from gateway.sessions.models import RefreshToken
from gateway.sessions.rules import ACCESS_LIFE
from gateway.sessions.tokens import access_tokens
from gateway.settings import SecondFactorPolicy

log = structlog.get_logger(__name__)

#: Random bytes of a refresh token.
_ENTROPY = 32


def digest(refresh_token: str) -> bytes:
    """What the database keeps of a refresh token."""
    return hashlib.sha256(refresh_token.encode()).digest()


def tokens(work: Work, account_id: UUID, epoch: int, session_id: UUID) -> dict[str, Any]:
    """New tokens for a session, whose row is in the database; `epoch` was read in this unit of work."""
    refresh_token = secrets.token_urlsafe(_ENTROPY)
    work.session.execute(insert(RefreshToken).values(digest=digest(refresh_token), session_id=session_id))
    subject_key = subject_of(work.session, account_id)
    held = roles_held(work.session, work.tree, account_id, subject_key, work.today)
    for each in held.withheld:
        log.warning("role_withheld", account_id=str(account_id), role=each.role.value, origin_id=str(each.origin_id))
    must_enrol = _must_enrol(work, account_id, held)
    # a token that waits for a factor has no power in it, whatever somebody makes of its claim
    grants = [Grant(Role.WORKER)] if must_enrol else _grants(held)
    person = None if must_enrol else subject_key
    return {
        "access_token": access_tokens().issue(account_id, session_id, epoch, grants, person, must_enrol=must_enrol),
        "refresh_token": refresh_token,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "must_enrol": must_enrol,
    }


def _grants(held: HeldRoles) -> list[Grant]:
    return list(dict.fromkeys(Grant(each.role, each.union_id) for each in held.effective))


def _must_enrol(work: Work, account_id: UUID, held: HeldRoles) -> bool:
    """Whether the roles wait for a second factor: until then the session proves a password and no more."""
    if settings.loaded().second_factor is SecondFactorPolicy.OPTIONAL:
        return False
    return needs_factor(each.role for each in held.effective) and not is_enrolled(work.session, account_id)
