"""A person is a pseudonym outside membership, and another for each outside receiver, so that no two compare notes."""

import secrets

from kernel.crypto import sm3
from kernel.crypto.errors import WrongKeyLength

#: Bytes of the random seed that lies beside a person's data key and is destroyed with it.
SEED_BYTES = 16


def new_seed() -> bytes:
    """Give the random seed of a new person (16 bytes)."""
    return secrets.token_bytes(SEED_BYTES)


def subject_key(internal_key: bytes, seed: bytes) -> str:
    """Give the name by which the services know a person: HMAC-SM3(internal key, seed), 64 hex digits.

    Raises `WrongKeyLength` for a seed that is not 16 bytes.
    """
    if len(seed) != SEED_BYTES:
        raise WrongKeyLength
    return sm3.hmac(internal_key, seed).hex()


def for_receiver(receiver_key: bytes, value: str) -> str:
    """Rename an event's id, subject, partition key or personal field for one receiver: 64 hex digits.

    Equal values stay equal within one receiver's feed and cannot be matched with another's.
    """
    return sm3.hmac(receiver_key, value.encode()).hex()
