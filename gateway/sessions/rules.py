"""How long tokens live, and how long whoever guesses has to wait; nothing here reads or writes."""

from datetime import timedelta

#: Life of an access token: as long as it may at worst outlive the knowledge of its revocation.
ACCESS_LIFE = timedelta(minutes=10)
#: Life of a session from its sign-in: a working day with its breaks.
SESSION_LIFE = timedelta(hours=12)
#: Attempts in a row before the first wait.
FREE_ATTEMPTS = 5
#: The longest wait; longer ones would only help those who want to shut others out.
LONGEST_WAIT = timedelta(minutes=15)
#: Without attempts for this long, the count begins anew.
FORGOTTEN_AFTER = timedelta(days=1)


def wait_after(attempts: int) -> timedelta:
    """The wait that an attempt brings, by its number in a row: none, then 1 s, 2 s, 4 s … 15 min."""
    if attempts < FREE_ATTEMPTS:
        return timedelta()
    doublings = min(attempts - FREE_ATTEMPTS, 20)
    return min(timedelta(seconds=2**doublings), LONGEST_WAIT)
