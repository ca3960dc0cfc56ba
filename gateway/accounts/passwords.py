"""Hashes and compares passwords with Argon2id, away from the loop that serves everybody else."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.offload import Runs

#: RFC 9106's second recommendation: 64 MiB, three passes; about a tenth of a second.
_HASHER = PasswordHasher()
#: Hash of a password that nobody has: an unknown user name must take the time of a wrong password.
_DECOY = _HASHER.hash("\x00")


def hashed(password: str, run: Runs) -> str:
    """The hash to store."""
    return run(_HASHER.hash, password)


def matches(stored: str | None, password: str, run: Runs) -> bool:
    """Whether a password belongs to a hash; as slow without one."""
    right = run(_verify, stored or _DECOY, password)
    return right and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
