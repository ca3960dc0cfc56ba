"""How long tokens live, and how long whoever guesses has to wait; nothing here reads or writes."""

from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

#: Life of an access token: as long as it may at worst outlive the knowledge of its revocation.
ACCESS_LIFE = timedelta(minutes=10)
#: Life of a session from its sign-in: a working day with its breaks.
SESSION_LIFE = timedelta(hours=12)
#: Attempts of one client in a row before the first wait.
FREE_ATTEMPTS = 5
#: Attempts in a day of all clients together that the account never signed in from: nearly ten times what one of them
#: can make (five, and one after each wait), and too few in a year to guess what `password_problem` lets pass.
STRANGERS_ATTEMPTS = 1000
#: Bits of an IPv6 address that one customer is given (RFC 6177): whoever has them has every address below.
_CUSTOMER = 64
#: The longest wait; longer ones would only help those who want to shut others out.
LONGEST_WAIT = timedelta(minutes=15)
#: Without attempts for this long, the count begins anew.
FORGOTTEN_AFTER = timedelta(days=1)


def wait_after(attempts: int, free: int) -> timedelta:
    """The wait that an attempt brings, by its number: none while they are free, then 1 s, 2 s, 4 s … 15 min."""
    if attempts < free:
        return timedelta()
    doublings = min(attempts - free, 20)
    return min(timedelta(seconds=2**doublings), LONGEST_WAIT)


def client_at(address: str) -> str:
    """What counts as one client: an IPv4 address, or a customer's whole IPv6 network; other texts stand for themselves.

    A proxy may write what it likes into X-Forwarded-For.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), _CUSTOMER), strict=False))
