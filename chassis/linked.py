"""Keeps a link: connects, lets its owner declare, reads, and comes back after every loss."""

from collections.abc import Callable

import eventlet
import structlog

from chassis.backoff import Backoff
from chassis.link import CONNECT_TIMEOUT, LOST, Link

log = structlog.get_logger(__name__)

#: Seconds between attempts: at first, and at most.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
#: Seconds that a broker gets to take what was written before a link ends; one under an alarm takes nothing.
PARTING = 2.0


class Linked:
    """A link that its owner can rely on to return. `up` declares on a fresh link; `down` hears of its end."""

    def __init__(
        self, uri: str, name: str, heartbeat: int, up: Callable[[Link], None], down: Callable[[], None]
    ) -> None:
        self._uri, self._name, self._heartbeat = uri, name, heartbeat
        self._up, self._down = up, down
        self._stopping = False
        self.link: Link | None = None

    @property
    def connected(self) -> bool:
        """Whether a link is up and its owner has declared what it needs."""
        return self.link is not None

    def run(self) -> None:
        """Hold the link until `stop`; runs in a managed thread."""
        backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        while not self._stopping:
            if self._hold():
                backoff.reset()
            if not self._stopping:
                backoff.pause()

    def stop(self) -> None:
        """Have the broker take what is written, end the link and do not come back."""
        self._stopping = True
        if (link := self.link) is not None:
            with eventlet.Timeout(PARTING, False):
                link.part()
            link.cut()

    def _hold(self) -> bool:
        """Connect and read until the link is lost; tells whether it was ever up."""
        link, lost = None, None
        try:
            link = Link(self._uri, self._name, self._heartbeat)
            # nobody reads yet, and nobody would notice a broker that falls silent now
            with eventlet.Timeout(CONNECT_TIMEOUT):
                self._up(link)
            self.link = link
            log.info("link_up", link=self._name)
            link.read_until_lost()
        except LOST as error:
            lost = error
        # told before anybody else can run: a write to a link that is gone would be an error of its writer
        was_up, self.link = self.link is not None, None
        if was_up:
            self._down()
        if not self._stopping:
            log.warning("link_lost", link=self._name, error=type(lost).__name__)
        if link is not None:
            link.close()
        return was_up
