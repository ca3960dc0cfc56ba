"""Stops asking a frozen service: after two missed deadlines in a row callers are told at once, one a second tries."""

#: Deadlines missed in a row that open the circuit.
TOLERATED = 2
#: Seconds between calls that are let through an open circuit.
TRIAL_INTERVAL = 1.0


class Circuit:
    """The recent history of one service."""

    def __init__(self) -> None:
        self._missed = 0
        self._next_trial = 0.0

    def lets_through(self, now: float) -> bool:
        """Whether to ask at all; in an open circuit one call each second is let through."""
        if self._missed < TOLERATED:
            return True
        if now < self._next_trial:
            return False
        self._next_trial = now + TRIAL_INTERVAL
        return True

    def answered(self) -> None:
        """An answer came, of whatever kind."""
        self._missed = 0

    def missed(self, now: float) -> None:
        """A deadline passed without an answer."""
        self._missed += 1
        self._next_trial = now + TRIAL_INTERVAL
