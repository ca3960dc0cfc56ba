"""Sealed numbers cannot be searched, so a keyed digest of the normalised number stands beside them and is."""

from kernel.crypto import sm3
from kernel.identifiers import documents, mobile
from kernel.identifiers.documents import DocumentKind


def document_index(key: bytes, kind: DocumentKind, number: str) -> bytes:
    """Give the 32 bytes by which a document's number is found; every spelling of one number gives the same."""
    return _index(key, kind, documents.normalise(number))


def mobile_index(key: bytes, number: str) -> bytes:
    """Give the 32 bytes by which a mobile number is found; every spelling of one number gives the same."""
    return _index(key, "mobile", mobile.normalise(number))


def _index(key: bytes, field: str, normalised: str) -> bytes:
    # The field's name keeps equal numbers of two kinds apart; the zero byte keeps name and number apart.
    return sm3.hmac(key, f"{field}\0{normalised}".encode())
