"""Keeps count of wrong proofs where somebody changes what they sign in with: a stolen token leaves no room to guess."""

from chassis import idempotency
from chassis.errors import Refused
from chassis.work import Work


def failed(work: Work, code: str, field: str) -> Refused:
    """The refusal of a command whose counted attempt stays counted; nothing else of it may be in the unit of work."""
    idempotency.release(work.session, work.actor.id)
    work.session.commit()
    return Refused(code, field=field)
