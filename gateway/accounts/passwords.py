"""Hashes and compares passwords with Argon2id, away from the loop that serves everybody else."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.offload import offload

#: RFC 9106's second recommendation: 64 MiB, three passes; about a tenth of a second.
_HASHER = PasswordHasher()
#: Hash of a password that nobody has: an unknown user name must take the time of a wrong password.
_DECOY = _HASHER.hash("\x00")


def hashed(password: str) -> str:
    """The hash to store. Raises `chassis.offload.Overloaded`."""
    return offload(_HASHER.hash, password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password belongs to a hash; as slow without one. Raises `chassis.offload.Overloaded`."""
    right = offload(_verify, stored or _DECOY, password)
    return right and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
