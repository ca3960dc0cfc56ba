"""The settings of one process, read once from the environment; a wrong one stops the start with one sentence."""

import sys
from base64 import b64decode
from dataclasses import dataclass
from enum import StrEnum

from environs import Env, EnvError

from kernel.crypto import sm3, sm4


class Environment(StrEnum):
    """Where a process runs; production refuses everything that only tests and demos may do."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


#: Bytes of the secret from which keys are derived.
_SECRET_BYTES = 32


class InvalidSettings(Exception):
    """A setting is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What every process needs to know."""

    environment: Environment
    amqp_uri: str
    database_url: str
    ops_address: tuple[str, int]
    #: Greenlets that run commands, queries and batches at the same time.
    workers: int
    #: Seconds between heartbeats with the broker; two silent ones end a connection.
    heartbeat: int
    #: Wraps the keys of stored files: a key of SM4, derived from the 32 secret bytes of the setting.
    file_key: bytes
    #: Failpoints to arm, as `failpoints.arm` reads them; tests only.
    failpoints: tuple[str, ...]
    log_format: str

    @property
    def production(self) -> bool:
        """Whether this is a production process."""
        return self.environment is Environment.PRODUCTION


def load() -> Settings:
    """Read `UNIONHALL_*`. Raises `InvalidSettings`."""
    env = Env(prefix="UNIONHALL_")
    try:
        settings = Settings(
            environment=environment(),
            amqp_uri=env.str("AMQP_URI"),
            database_url=env.str("DATABASE_URL"),
            ops_address=address(env.str("OPS_ADDRESS", "127.0.0.1:9100")),
            workers=env.int("WORKERS", 10),
            heartbeat=env.int("HEARTBEAT", 10),
            file_key=_file_key(env.str("FILE_KEY")),
            failpoints=tuple(env.list("FAILPOINTS", [])),
            log_format=env.str("LOG_FORMAT", "json"),
        )
    except (EnvError, ValueError) as error:
        raise InvalidSettings(str(error)) from error
    _check(settings)
    return settings


def environment() -> Environment:
    """Where this process runs; production unless it says otherwise. Raises ValueError."""
    env = Env(prefix="UNIONHALL_")
    return Environment(env.str("ENV", "production"))


def address(text: str) -> tuple[str, int]:
    """`host:port` as a pair. Raises ValueError."""
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isdigit():
        raise ValueError(f"{text!r} is not host:port")
    return host, int(port)


def load_or_exit() -> Settings:
    """Read the settings, or end the process with the one sentence that says what is wrong."""
    try:
        return load()
    except InvalidSettings as error:
        sys.exit(f"unionhall cannot start: {error}")


def _file_key(secret: str) -> bytes:
    decoded = b64decode(secret, validate=True)
    if len(decoded) != _SECRET_BYTES:
        raise ValueError("UNIONHALL_FILE_KEY must be 32 bytes in base64")
    return sm3.hmac(decoded, b"files")[: sm4.KEY_BYTES]


def _check(settings: Settings) -> None:
    if settings.production and settings.failpoints:
        raise InvalidSettings("UNIONHALL_FAILPOINTS must be empty in production")
    if settings.workers < 1 or settings.heartbeat < 1:
        raise InvalidSettings("UNIONHALL_WORKERS and UNIONHALL_HEARTBEAT must be at least 1")
    if settings.log_format not in {"json", "console"}:
        raise InvalidSettings("UNIONHALL_LOG_FORMAT must be json or console")
