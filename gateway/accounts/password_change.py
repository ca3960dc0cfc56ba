"""Changes one's own password: a token alone, which may be stolen, is not enough, and leaves nobody room to guess."""

from collections.abc import Mapping
from typing import Any

from chassis.commands import handles
from chassis.errors import Refused
from chassis.offload import Runs, place
from chassis.work import Work
from contracts.gateway import accounts as contract
from gateway.accounts import passwords
from gateway.accounts.commands import check_password
from gateway.accounts.models import Account
from gateway.accounts.proof import failed
from gateway.caller import Caller
from gateway.sessions import attempts
from gateway.sessions.ending import end_others


@handles(contract.ChangePassword)
def change_password(work: Work, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the caller's password; whoever signed in with the old one, elsewhere, is out.

    Raises `chassis.offload.Overloaded`.
    """
    assert isinstance(work.actor, Caller)
    with place() as run:
        return _changed(work, work.actor, request, run)


def _changed(work: Work, caller: Caller, request: Mapping[str, Any], run: Runs) -> dict[str, Any]:
    account = work.session.get(Account, caller.id, with_for_update=True)
    if account is None:
        raise Refused("not_found")
    check_password(account.username, request["new_password"], "new_password")
    attempts.count(work.session, account.username, work.client)
    if not passwords.matches(account.password_hash, request["current_password"], run):
        raise failed(work, "current_password_wrong", "current_password")
    attempts.forgive(work.session, account.username, work.client)
    account.password_hash = passwords.hashed(request["new_password"], run)
    end_others(work.session, account.id, caller.session_id)
    return {}
