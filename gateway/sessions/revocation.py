"""Knows, within a second in every gateway process, which sessions and rights ended before their access tokens do."""

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from chassis.database import Database
from chassis.errors import Refused, ServiceUnavailable
from gateway.accounts.models import Account
from gateway.caller import Caller
from gateway.sessions.models import SignedInSession
from gateway.sessions.rules import ACCESS_LIFE

#: Seconds between looks at the database.
INTERVAL = 1.0
#: Seconds without a successful look after which this process should get no more requests.
STALE_AFTER = 30.0
#: What ended longer ago has no token left; the margin is for clocks that differ.
_LOOK_BACK = ACCESS_LIFE + timedelta(minutes=5)

_ENDED = select(SignedInSession.id).where(SignedInSession.ended_at > bindparam("since"))
_EPOCHS = select(Account.id, Account.epoch).where(Account.epoch_began_at > bindparam("since"))

log = structlog.get_logger(__name__)


class Revocations:
    """A copy of what was ended lately. While the database is away the last copy holds: tokens live ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended: frozenset[UUID] = frozenset()
        self._epochs: Mapping[UUID, int] = {}
        self._looked_at: float | None = None
        #: A look that began before a session ended must not replace what one after it saw.
        self._turn = threading.Lock()

    @property
    def fresh(self) -> bool:
        """Whether the copy can be relied on."""
        return self._looked_at is not None and time.monotonic() - self._looked_at < STALE_AFTER

    def check(self, caller: Caller) -> None:
        """Refuse `not_authenticated` when the session is over, `token_expired` when a refresh gives other rights.

        Raises ServiceUnavailable until the first look: a process that knows nothing lets nobody in.
        """
        if self._looked_at is None:
            raise ServiceUnavailable("revocations")
        if caller.session_id in self._ended:
            raise Refused("not_authenticated")
        if caller.epoch < self._epochs.get(caller.id, 0):
            raise Refused("token_expired")

    def look(self) -> None:
        """Copy anew. Raises SQLAlchemyError."""
        with self._turn:
            since = {"since": datetime.now(UTC) - _LOOK_BACK}
            with self._database.reader.connect() as connection:
                self._ended = frozenset(connection.scalars(_ENDED, since))
                self._epochs = dict(connection.execute(_EPOCHS, since).all())
            self._looked_at = time.monotonic()

    def look_if_possible(self) -> None:
        """Copy anew, or keep the old copy while the database is away."""
        try:
            self.look()
        except SQLAlchemyError:
            log.warning("revocations_not_read", fresh=self.fresh)

    def watch(self) -> None:
        """Keep the copy fresh for as long as the process lives."""
        while True:
            self.look_if_possible()
            time.sleep(INTERVAL)
