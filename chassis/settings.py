"""The settings of one process, read once from the environment; a wrong one stops the start with one sentence."""

import sys
from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from environs import Env, EnvError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from chassis import failpoints
from kernel.crypto import keys


class Environment(StrEnum):
    """Where a process runs; production refuses everything that only tests and demos may do."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


#: Bytes of the secret from which keys are derived.
_SECRET_BYTES = 32
#: The forms that log lines have.
_LOG_FORMATS = ("json", "console")
_PORTS = range(1, 2**16)


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
    env = reader()
    try:
        settings = Settings(
            environment=environment(),
            amqp_uri=env.amqp_uri("AMQP_URI"),
            database_url=env.database_url("DATABASE_URL"),
            ops_address=env.address("OPS_ADDRESS", "127.0.0.1:9100"),
            workers=env.positive("WORKERS", 10),
            heartbeat=env.positive("HEARTBEAT", 10),
            file_key=env.file_key("FILE_KEY"),
            failpoints=env.failpoints("FAILPOINTS", ""),
            log_format=env.log_format("LOG_FORMAT", "json"),
        )
    except EnvError as error:
        raise InvalidSettings(str(error)) from error
    if settings.production and settings.failpoints:
        raise InvalidSettings("UNIONHALL_FAILPOINTS must be empty in production")
    return settings


def environment() -> Environment:
    """Where this process runs; production unless it says otherwise. Raises `InvalidSettings`."""
    env = reader()
    try:
        where: Environment = env.environment("ENV", "production")
    except EnvError as error:
        raise InvalidSettings(str(error)) from error
    return where


def reader() -> Env:
    """Reads `UNIONHALL_*` in every form that a setting has; what is wrong raises an `EnvError` that names it.

    No message repeats the value: some are secrets.
    """
    made = Env(prefix="UNIONHALL_")
    parsers = (
        _environment,
        _amqp_uri,
        _database_url,
        _address,
        _positive,
        _secret,
        _file_key,
        _failpoints,
        _log_format,
    )
    for parse in parsers:
        made.add_parser(parse.__name__.removeprefix("_"), parse)
    return made


def load_or_exit(others: Callable[[], object]) -> Settings:
    """Read the settings, and by `others` the service's own; else end the process with a sentence on what is wrong."""
    try:
        loaded = load()
        others()
    except InvalidSettings as error:
        sys.exit(f"unionhall cannot start: {error}")
    return loaded


def _environment(text: str) -> Environment:
    try:
        return Environment(text)
    except ValueError as error:
        raise EnvError(f"must be {_either(Environment)}") from error


def _amqp_uri(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"amqp", "amqps"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half of an IPv6 address
        usable = False
    if not usable:
        raise EnvError("must be amqp://user:password@host:port/virtual-host, or amqps://…")
    return text


def _database_url(text: str) -> str:
    try:
        url = make_url(text)
        usable = url.get_backend_name() == "postgresql" and url.get_driver_name() == "psycopg2" and url.database
    except (ArgumentError, ValueError):
        usable = False
    if not usable:
        raise EnvError("must be postgresql+psycopg2://user:password@host:port/database")
    return text


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) not in _PORTS:
        raise EnvError("must be host:port")
    return host, int(port)


def _positive(text: str | int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise EnvError("must be a whole number of at least 1")
    return number


def _secret(text: str) -> bytes:
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        decoded = b""
    if len(decoded) != _SECRET_BYTES:
        raise EnvError(f"must be {_SECRET_BYTES} bytes in base64")
    return decoded


def _file_key(text: str) -> bytes:
    return keys.derive(_secret(text), "files")


def _failpoints(text: str) -> tuple[str, ...]:
    specifications = tuple(each.strip() for each in text.split(",") if each.strip())
    try:
        failpoints.check(specifications)
    except ValueError as error:
        raise EnvError(f"must be place:action:every:seconds, separated by commas; {error}") from error
    return specifications


def _log_format(text: str) -> str:
    if text not in _LOG_FORMATS:
        raise EnvError(f"must be {_either(_LOG_FORMATS)}")
    return text


def _either(choices: Iterable[str]) -> str:
    return " or ".join(choices)
