"""Keeps secrets sealed and recovery codes digested, both under a key that the database does not hold."""

from uuid import UUID

from gateway import settings
from kernel.crypto import keys, sm3, sm4


def seal(factor_id: UUID, secret: bytes) -> bytes:
    """What the database keeps of a secret; only in this row can it be read."""
    return sm4.seal(settings.loaded().factor_key, secret, _place(factor_id))


def unseal(factor_id: UUID, sealed: bytes) -> bytes:
    """The secret of a row. Raises `BrokenSeal` where the setting's key is another one than it was sealed with."""
    return sm4.unseal(settings.loaded().factor_key, sealed, _place(factor_id))


def digest(account_id: UUID, recovery_code: str) -> bytes:
    """What the database keeps of an account's recovery code, normalised."""
    key = keys.derive(settings.loaded().factor_key, "recovery codes")
    return sm3.hmac(key, f"{account_id}\0{recovery_code}".encode())


def _place(factor_id: UUID) -> bytes:
    return f"second_factor.sealed_secret:{factor_id}".encode()
