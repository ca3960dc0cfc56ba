"""Takes a code once: of two requests that bring the same one at the same moment, one is too late."""

import time
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from chassis.tree import Bind
from gateway.second_factor.models import ENROLLED, RecoveryCode, SecondFactor
from gateway.second_factor.rules import is_shown, normalised, step_of
from gateway.second_factor.sealing import digest, unseal

_factor, _recovery = SecondFactor.__table__.c, RecoveryCode.__table__.c
_OF_ACCOUNT = (_factor.account_id == bindparam("account_id"), ENROLLED)
_IS_ENROLLED = select(exists().where(*_OF_ACCOUNT))
_SEALED = select(_factor.id, _factor.sealed_secret).where(*_OF_ACCOUNT)


def is_enrolled(bind: Bind, account_id: UUID) -> bool:
    """Whether the account signs in with a second factor."""
    return bool(bind.scalar(_IS_ENROLLED, {"account_id": account_id}))


def take(session: Session, account_id: UUID, code: str | None) -> bool:
    """Use a code of the enrolled app, or a recovery code, up; False for one that is wrong or was used before."""
    typed = normalised(code or "")
    return _take_shown(session, account_id, typed) if is_shown(typed) else _take_recovery(session, account_id, typed)


def _take_shown(session: Session, account_id: UUID, code: str) -> bool:
    row = session.execute(_SEALED, {"account_id": account_id}).first()
    step = row and step_of(unseal(row.id, bytes(row.sealed_secret)), code, time.time())
    if row is None or step is None:
        return False
    unused = or_(_factor.last_step.is_(None), _factor.last_step < step)
    taken = update(SecondFactor).where(_factor.id == row.id, unused).values(last_step=step).returning(_factor.id)
    return session.execute(taken).first() is not None


def _take_recovery(session: Session, account_id: UUID, code: str) -> bool:
    mine = (_recovery.account_id == account_id, _recovery.digest == digest(account_id, code))
    return session.execute(delete(RecoveryCode).where(*mine).returning(_recovery.digest)).first() is not None
