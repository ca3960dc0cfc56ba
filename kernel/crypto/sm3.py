"""SM3 (GB/T 32905-2016) and its HMAC, the only digests in which personal data are compared or renamed."""

from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

from kernel.crypto.errors import WrongKeyLength

#: Bytes that an HMAC key has at least: ID numbers are few enough to be guessed under a short or empty one.
MIN_KEY_BYTES = 16


def digest(data: bytes) -> bytes:
    """Give the 32-byte SM3 digest."""
    sm3 = Hash(SM3())
    sm3.update(data)
    return sm3.finalize()


def hmac(key: bytes, data: bytes) -> bytes:
    """Give the 32-byte HMAC-SM3. Raises `WrongKeyLength` for a key under 16 bytes."""
    if len(key) < MIN_KEY_BYTES:
        raise WrongKeyLength
    mac = HMAC(key, SM3())
    mac.update(data)
    return mac.finalize()
