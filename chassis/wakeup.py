"""Wakes the relay that leads, wherever it is: an event here, or a NOTIFY on a connection of its own."""

from typing import Any

import eventlet
import psycopg2
from eventlet.event import Event
from eventlet.hubs import trampoline

from chassis.database import arguments

#: Channel of NOTIFY and LISTEN in each service's database.
CHANNEL = "outbox"
#: Seconds within which wake-ups of the leader are joined into one.
JOINED = 0.005
#: Seconds before a lost connection is tried again; until then the leader's polling is enough.
PAUSE = 1.0


class Wakeup:
    """Two small connections: one listens, one notifies. Losing them costs promptness, never an event."""

    def __init__(self, url: str) -> None:
        self._connect = arguments(url)
        self._here = Event()
        self._elsewhere = Event()
        self._stopping = False

    def wake_here(self) -> None:
        """The relay of this process should look now."""
        if not self._here.ready():
            self._here.send(None)

    def wake_leader(self) -> None:
        """The relay that leads, in another process, should look soon."""
        if not self._elsewhere.ready():
            self._elsewhere.send(None)

    def wait(self, seconds: float) -> None:
        """Wait for a wake-up, or until it is time to look anyhow."""
        with eventlet.Timeout(seconds, False):
            self._here.wait()
        self._here = Event()

    def run(self) -> None:
        """Listen and notify until `stop`."""
        notifier = eventlet.spawn(self._again, self._notify)
        self._again(self._listen)
        notifier.kill()

    def stop(self) -> None:
        """End both connections."""
        self._stopping = True

    def _again(self, use: Any) -> None:
        while not self._stopping:
            try:
                session = psycopg2.connect(**self._connect)
                session.autocommit = True
                try:
                    use(session)
                finally:
                    session.close()
            except (psycopg2.Error, OSError):
                eventlet.sleep(PAUSE)

    def _listen(self, session: Any) -> None:
        with session.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while not self._stopping:
            try:
                trampoline(session.fileno(), read=True, timeout=PAUSE)
            except eventlet.Timeout:
                continue
            session.poll()
            if session.notifies:
                session.notifies.clear()
                self.wake_here()

    def _notify(self, session: Any) -> None:
        while not self._stopping:
            self._elsewhere.wait()
            eventlet.sleep(JOINED)
            self._elsewhere = Event()
            with session.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")
