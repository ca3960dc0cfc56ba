"""Deletes what signing in leaves behind once it can no longer matter."""

import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from chassis.database import Database
from gateway.sessions.models import SignedInSession, SignInAttempts
from gateway.sessions.rules import FORGOTTEN_AFTER

#: Seconds between sweeps.
INTERVAL = 3600.0
#: Time that sessions and their used tokens are kept after their end, for whoever looks into a theft.
KEPT = timedelta(days=180)

log = structlog.get_logger(__name__)


def sweep(database: Database) -> None:
    """Delete long expired sessions with their tokens, and forgotten attempts. Raises SQLAlchemyError."""
    now = datetime.now(UTC)
    with database.writer.begin() as connection:
        connection.execute(delete(SignedInSession).where(SignedInSession.expires_at < now - KEPT))
        connection.execute(delete(SignInAttempts).where(SignInAttempts.last_at < now - FORGOTTEN_AFTER))


def sweep_forever(database: Database) -> None:
    """Sweep for as long as the process lives; every gateway process may."""
    while True:
        try:
            sweep(database)
        except SQLAlchemyError:
            log.warning("sessions_not_swept")
        time.sleep(INTERVAL)
