"""Enrolling an authenticator app, replacing it, and the recovery codes that come with it."""

import secrets
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select

from chassis.commands import handles
from chassis.errors import Refused
from chassis.offload import Runs, place
from chassis.work import Work
from contracts.gateway import second_factor as contract
from contracts.gateway.second_factor import FactorState
from gateway.accounts import passwords
from gateway.accounts.models import Account
from gateway.accounts.proof import failed
from gateway.caller import Caller
from gateway.second_factor.models import ENROLLED, RecoveryCode, SecondFactor
from gateway.second_factor.rules import (
    RECOVERY_BYTES,
    RECOVERY_CODES,
    SECRET_BYTES,
    in_groups,
    normalised,
    spelled,
    step_of,
    uri,
)
from gateway.second_factor.sealing import digest, seal, unseal
from gateway.second_factor.taking import is_enrolled, take
from gateway.sessions import attempts
from gateway.sessions.ending import end_others
from kernel.ids import new_id

_PENDING = SecondFactor.state == FactorState.PENDING.value


@handles(contract.BeginSecondFactor)
def begin_second_factor(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make a secret for a new app. Raises `chassis.offload.Overloaded`."""
    with place() as run:
        account = _own_account(work)
        _check_owner(work, account, request, run)
    factor_id, secret, state = UUID(new_id()), secrets.token_bytes(SECRET_BYTES), FactorState.PENDING.value
    _forget(work, account.id, _PENDING)
    row = {"id": factor_id, "account_id": account.id, "state": state, "sealed_secret": seal(factor_id, secret)}
    work.session.execute(insert(SecondFactor).values(row))
    return {"uri": uri(secret, account.username), "secret": spelled(secret), "state": state}


@handles(contract.ConfirmSecondFactor)
def confirm_second_factor(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Let the new app count from now on, and nobody in who signed in without it."""
    assert isinstance(work.actor, Caller)
    account = _own_account(work)
    pending = work.session.scalar(select(SecondFactor).where(SecondFactor.account_id == account.id, _PENDING))
    if pending is None:
        raise Refused("no_second_factor")
    attempts.count(work.session, account.username, work.client)
    step = step_of(unseal(pending.id, pending.sealed_secret), normalised(request["code"]), time.time())
    if step is None:
        raise failed(work, "code_wrong", "code")
    attempts.forgive(work.session, account.username, work.client)
    _forget(work, account.id, ENROLLED)
    pending.state, pending.last_step = FactorState.ACTIVE.value, step
    end_others(work.session, account.id, work.actor.session_id)
    return {"recovery_codes": _new_recovery_codes(work, account.id)}


def _own_account(work: Work) -> Account:
    """The caller's, locked: who signs in meanwhile is let in before, and found, or after, and asked for a code."""
    account = work.session.get(Account, work.actor.id, with_for_update=True)
    if account is None:
        raise Refused("not_found")
    return account


def _check_owner(work: Work, account: Account, request: Mapping[str, Any], run: Runs) -> None:
    """Refuse whoever does not know the password, or has no code of the app that counts."""
    attempts.count(work.session, account.username, work.client)
    if not passwords.matches(account.password_hash, request["current_password"], run):
        raise failed(work, "current_password_wrong", "current_password")
    if is_enrolled(work.session, account.id) and not take(work.session, account.id, request["code"]):
        raise failed(work, "code_wrong", "code")
    attempts.forgive(work.session, account.username, work.client)


def _forget(work: Work, account_id: UUID, which: ColumnElement[bool]) -> None:
    work.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id, which))


def _new_recovery_codes(work: Work, account_id: UUID) -> list[str]:
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [in_groups(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    rows = [{"account_id": account_id, "digest": digest(account_id, normalised(code))} for code in codes]
    work.session.execute(insert(RecoveryCode), rows)
    return codes
