"""The settings that only the gateway has, read once from the environment; a wrong one stops the start."""

import binascii
from base64 import b64decode
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from environs import EnvError
from marshmallow.validate import Range

from chassis.settings import InvalidSettings, reader


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What the gateway needs to know beside what every process does."""

    http_address: tuple[str, int]
    #: Signs access tokens; the same in every gateway process.
    token_key: Ed25519PrivateKey
    #: Proxies in front of the gateway that each add the address they were asked from to X-Forwarded-For.
    trusted_proxies: int


def load() -> GatewaySettings:
    """Read `UNIONHALL_HTTP_ADDRESS`, `…_TOKEN_KEY` and `…_TRUSTED_PROXIES`. Raises `InvalidSettings`."""
    env = reader()
    try:
        return GatewaySettings(
            http_address=env.address("HTTP_ADDRESS", "127.0.0.1:8600"),
            token_key=token_key(env.str("TOKEN_KEY")),
            trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=Range(min=0, error="must not be below 0")),
        )
    except EnvError as error:
        raise InvalidSettings(str(error)) from error


def token_key(text: str) -> Ed25519PrivateKey:
    """The key in a PKCS 8 PEM or in 32 bytes of base64. Raises `InvalidSettings`, which never shows the key."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.encode(), password=None)
        else:
            key = Ed25519PrivateKey.from_private_bytes(b64decode(text, validate=True))
    except (ValueError, TypeError, UnsupportedAlgorithm, binascii.Error):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidSettings("UNIONHALL_TOKEN_KEY must be an Ed25519 key, as PEM (PKCS 8) or as 32 bytes in base64")
    return key
