"""Pauses that grow from try to try, each a little different, so that many who wait do not all come back at once."""

import random

import eventlet


class Backoff:
    """The pauses of one loop, in seconds: about `first`, then twice as long each time, up to about `longest`."""

    def __init__(self, first: float, longest: float) -> None:
        self._first, self._longest = first, longest
        self._next = first

    def pause(self) -> None:
        """Let others run for the next pause, give or take half of it."""
        eventlet.sleep(self._next * random.uniform(0.5, 1.5))
        self._next = min(2 * self._next, self._longest)

    def reset(self) -> None:
        """Begin anew after a success."""
        self._next = self._first
