"""Signing in, exchanging a refresh token, and signing out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from chassis.commands import handles
from chassis.errors import Refused
from chassis.offload import place
from chassis.work import Work
from contracts.gateway import sessions as contract
from gateway.accounts import passwords
from gateway.accounts.models import Account
from gateway.accounts.rules import folded
from gateway.caller import Caller
from gateway.second_factor.taking import is_enrolled, take
from gateway.sessions import attempts
from gateway.sessions.ending import end
from gateway.sessions.models import RefreshToken, SignedInSession
from gateway.sessions.opening import digest, tokens
from gateway.sessions.rules import SESSION_LIFE
from kernel.ids import new_id

_account, _session, _token = Account.__table__.c, SignedInSession.__table__.c, RefreshToken.__table__.c
_PASSWORD = select(_account.password_hash).where(_account.username == bindparam("username"))
#: Locked until the session stands: whoever changes the password or shuts the account out finds it, and ends it.
_STILL = (
    select(_account.id, _account.epoch)
    .where(_account.username == bindparam("username"), _account.password_hash == bindparam("stored"))
    .where(~_account.disabled)
    .with_for_update(read=True)
)
_BY_TOKEN = (
    select(_token.used_at, _token.session_id, _session.ended_at, _session.expires_at, _session.account_id)
    .join_from(RefreshToken, SignedInSession)
    .where(_token.digest == bindparam("digest"))
    .with_for_update()
)
_STANDING = select(_account.disabled, _account.epoch).where(_account.id == bindparam("account_id"))


@handles(contract.SignIn)
def sign_in(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Open a session. A wrong password and an unknown user name take the same time and get the same answer.

    The attempt stays counted until the second factor is right too. Raises `chassis.offload.Overloaded`.
    """
    username = folded(request["username"])
    with place() as run:  # taken first: an attempt whose password nobody looks at must not count
        attempts.count(work.session, username, work.client)
        stored = work.session.scalar(_PASSWORD, {"username": username})
        work.session.commit()  # the attempt stays counted, and the connection is free while the hash is made
        right = passwords.matches(stored, request["password"], run)
    if not right:
        raise Refused("invalid_credentials")
    account = work.session.execute(_STILL, {"username": username, "stored": stored}).first()
    if account is None:
        raise Refused("invalid_credentials")
    _check_second_factor(work, account.id, request["code"])
    attempts.forgive(work.session, username, work.client)
    session_id = UUID(new_id())
    opened = {
        "id": session_id,
        "account_id": account.id,
        "expires_at": datetime.now(UTC) + SESSION_LIFE,
        "client_digest": attempts.client_digest(username, work.client),
    }
    work.session.execute(insert(SignedInSession).values(opened))
    return tokens(work, account.id, account.epoch, session_id)


@handles(contract.RefreshSession)
def refresh_session(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Use a refresh token up. A second use means that somebody copied it: the session ends for both.

    Raises Refused `session_over` for a token that is used, unknown, or of a session that has ended.
    """
    used = digest(request["refresh_token"])
    row = work.session.execute(_BY_TOKEN, {"digest": used}).first()
    if row is None:
        raise Refused("session_over")
    if row.used_at is not None:
        end(work.session, row.session_id)
        work.session.commit()  # the end must outlive the refusal
        raise Refused("session_over")
    account = work.session.execute(_STANDING, {"account_id": row.account_id}).one()
    if account.disabled or _is_over(row.ended_at, row.expires_at):
        raise Refused("session_over")
    work.session.execute(update(RefreshToken).where(_token.digest == used).values(used_at=datetime.now(UTC)))
    return tokens(work, row.account_id, account.epoch, row.session_id)


@handles(contract.SignOut)
def sign_out(work: Work, _: Mapping[str, Any]) -> dict[str, Any]:
    """End the session of the access token that the request came with."""
    assert isinstance(work.actor, Caller)
    end(work.session, work.actor.session_id)
    return {}


def _check_second_factor(work: Work, account_id: UUID, code: str | None) -> None:
    """Refuse whoever has the password alone; the code is used up together with the opening of the session."""
    if not is_enrolled(work.session, account_id):
        return
    if code is None:
        raise Refused("second_factor_needed")
    if not take(work.session, account_id, code):
        raise Refused("second_factor_wrong")


def _is_over(ended_at: datetime | None, expires_at: datetime) -> bool:
    return ended_at is not None or expires_at <= datetime.now(UTC)
