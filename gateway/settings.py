"""The settings that only the gateway has, read once from the environment; a wrong one stops the start."""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from environs import EnvError
from marshmallow.validate import Range

from chassis.settings import Environment, InvalidSettings, environment, reader
from kernel.crypto import keys


class SecondFactorPolicy(StrEnum):
    """Whether an account needs a second factor to act for others, or may have one."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What the gateway needs to know beside what every process does."""

    http_address: tuple[str, int]
    #: Signs access tokens; the same in every gateway process.
    token_key: Ed25519PrivateKey = field(repr=False)
    #: Seals the secrets of second factors: a key of SM4, derived from the secret bytes of `UNIONHALL_FILE_KEY`.
    factor_key: bytes = field(repr=False)
    second_factor: SecondFactorPolicy
    #: Proxies in front of the gateway that each add the address they were asked from to X-Forwarded-For.
    trusted_proxies: int


def load() -> GatewaySettings:
    """Read `UNIONHALL_HTTP_ADDRESS`, `…_TOKEN_KEY`, `…_SECOND_FACTOR` and the others. Raises `InvalidSettings`."""
    env, production = reader(), environment() is Environment.PRODUCTION
    try:
        return GatewaySettings(
            http_address=env.address("HTTP_ADDRESS", "127.0.0.1:8600"),
            token_key=token_key(env.str("TOKEN_KEY")),
            factor_key=keys.derive(env.secret("FILE_KEY"), "second factors"),
            second_factor=second_factor(env.str("SECOND_FACTOR", ""), production=production),
            trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=Range(min=0, error="must not be below 0")),
        )
    except EnvError as error:
        raise InvalidSettings(str(error)) from error


@cache
def loaded() -> GatewaySettings:
    """The settings of this process, read at first use. Raises `InvalidSettings`."""
    return load()


def second_factor(text: str, *, production: bool) -> SecondFactorPolicy:
    """Who has to have a second factor: in production everybody who acts for others, elsewhere nobody unless told so.

    Raises `InvalidSettings`.
    """
    choices = (SecondFactorPolicy.REQUIRED,) if production else tuple(SecondFactorPolicy)
    if not text:
        return choices[-1]
    if text not in choices:
        where = " in production" if production else ""
        raise InvalidSettings(f"UNIONHALL_SECOND_FACTOR must be {' or '.join(choices)}{where}")
    return SecondFactorPolicy(text)


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
