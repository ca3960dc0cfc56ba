"""A personal field is sealed with SM4-GCM to the place where it stands, so that it can be neither read nor moved."""

import os
from io import BufferedReader, FileIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from kernel.crypto.errors import BrokenSeal, UnknownSeal, WrongKeyLength

#: Bytes of a key (GB/T 32907-2016 has one length).
KEY_BYTES = 16

#: First byte of a sealed value; a later cipher gets the next number, and old values stay readable.
_VERSION = b"\x01"

#: Bytes of the random nonce; 96 bits is the length for which GCM is defined without hashing it first.
_NONCE_BYTES = 12

#: Bytes of the authentication tag, at the end.
_TAG_BYTES = 16

_OVERHEAD = len(_VERSION) + _NONCE_BYTES + _TAG_BYTES


class _Nonces:
    """The system's random bytes, read ahead: each question to the system gives the interpreter up to another thread."""

    def __init__(self) -> None:
        self._system = os.open("/dev/urandom", os.O_RDONLY)
        self._read_anew()
        # a nonce that parent and child both use would lay open what they seal under one key
        os.register_at_fork(after_in_child=self._read_anew)

    def next(self) -> bytes:
        """One that was never given before."""
        return self._ahead.read(_NONCE_BYTES)

    def _read_anew(self) -> None:
        self._ahead = BufferedReader(FileIO(self._system, closefd=False))


_NONCES = _Nonces()


def seal(key: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
    """Encrypt under a random nonce: version (1 byte), nonce (12), ciphertext, tag (16).

    `associated_data` names the place (table, column, row); `unseal` must be given the same. Raises `WrongKeyLength`.
    """
    nonce = _NONCES.next()
    encryptor = Cipher(_sm4(key), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated_data)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return _VERSION + nonce + ciphertext + encryptor.tag


def unseal(key: bytes, sealed: bytes, associated_data: bytes) -> bytes:
    """Give back what `seal` encrypted.

    Raises `WrongKeyLength`, `UnknownSeal`, or `BrokenSeal` for a changed value, another key or another place: GCM
    cannot tell these apart.
    """
    if len(sealed) < _OVERHEAD or not sealed.startswith(_VERSION):
        raise UnknownSeal
    nonce, ciphertext, tag = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES : -_TAG_BYTES], sealed[-_TAG_BYTES:]
    decryptor = Cipher(_sm4(key), GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(associated_data)
    plaintext = decryptor.update(ciphertext)
    try:
        return plaintext + decryptor.finalize()
    except InvalidTag:
        raise BrokenSeal from None


def _sm4(key: bytes) -> SM4:
    if len(key) != KEY_BYTES:
        raise WrongKeyLength
    return SM4(key)
