"""Each person has a data key of their own, kept only wrapped, so that destroying it erases the person everywhere."""

import secrets

from kernel.crypto import sm3, sm4
from kernel.crypto.errors import WrongKeyLength


def new_data_key() -> bytes:
    """Give a random data key (16 bytes)."""
    return secrets.token_bytes(sm4.KEY_BYTES)


def derive(secret: bytes, purpose: str) -> bytes:
    """Give the key (16 bytes) that a secret has for one purpose. Raises `WrongKeyLength` for one under 16 bytes."""
    return sm3.hmac(secret, purpose.encode())[: sm4.KEY_BYTES]


def wrap(master_key: bytes, data_key: bytes, owner: str) -> bytes:
    """Seal a data key with the master key, to the id of its owner. Raises `WrongKeyLength`."""
    if len(data_key) != sm4.KEY_BYTES:
        raise WrongKeyLength
    return sm4.seal(master_key, data_key, owner.encode())


def unwrap(master_key: bytes, wrapped: bytes, owner: str) -> bytes:
    """Give back the data key that `wrap` sealed. Raises the errors of `sm4.unseal`."""
    return sm4.unseal(master_key, wrapped, owner.encode())
