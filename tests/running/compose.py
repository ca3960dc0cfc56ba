"""Reads docker-compose.yml, so that tests can start exactly what it would start, at addresses on this machine."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from unionctl.platform import PERSON_KEYS, Platform
from unionctl.processes import Spec
from unionctl.services import base_environment, service_of

COMPOSE_FILE = Path(__file__).parents[2] / "docker-compose.yml"
#: Ports on which each container listens, by the setting that says so.
LISTENS = {"UNIONHALL_OPS_ADDRESS": "ops", "UNIONHALL_HTTP_ADDRESS": "http"}


@dataclass(frozen=True)
class Process:
    """Command and environment of one compose service."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


def services() -> Mapping[str, Any]:
    """Every service of the file as YAML gives it."""
    content: Mapping[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    return content


def process(name: str, variables: Mapping[str, str]) -> Process:
    """A service's command and environment with `${NAME:?}` replaced; KeyError if a variable has no value."""
    service = services()[name]
    environment = {key: _substitute(str(value), variables) for key, value in service["environment"].items()}
    return Process(tuple(service["command"]), environment)


def variables_of(platform: Platform) -> dict[str, str]:
    """The secrets of a running platform under the names that the compose file uses."""
    directory = platform.directory
    admin = platform.postgres.admin_url
    variables = {
        "POSTGRES_PASSWORD": str(admin.password),
        "RABBITMQ_PASSWORD": directory.password("broker_admin"),
        "UNIONHALL_TOKEN_KEY": directory.token_key(),
    }
    for use in PERSON_KEYS:
        variables[f"UNIONHALL_{use.upper()}_KEY"] = directory.person_key(use)
    for account in ("membership", "welfare", "events", "reporting", "gateway", "unionctl"):
        variables[f"UNIONHALL_PASSWORD_{account.upper()}"] = directory.password(account)
        variables[f"UNIONHALL_FILE_KEY_{account.upper()}"] = directory.file_key(account)
    return variables


def local(platform: Platform, name: str) -> Spec:
    """What compose would start for a process such as `events.1`, with only the addresses replaced."""
    found = process(service_of(name), variables_of(platform))
    return Spec(name, (sys.executable, *found.command[1:]), base_environment() | localised(platform, name, found))


def localised(platform: Platform, name: str, found: Process) -> dict[str, str]:
    """The environment of a compose service with the addresses of a platform on this machine."""
    admin = platform.postgres.admin_url
    hosts = {
        "@rabbitmq:5672/": f"@127.0.0.1:{platform.broker.port}/",
        "@postgres:5432/": f"@{admin.host}:{admin.port}/",
        "http://rabbitmq:15672": platform.broker.api.url,
    }
    environment = dict(found.environment)
    for setting, value in environment.items():
        for host, address in hosts.items():
            environment[setting] = environment[setting].replace(host, address)
        if setting in LISTENS:
            port = platform.directory.port(f"{LISTENS[setting]}.{name}")
            environment[setting] = re.sub(r"^0\.0\.0\.0:\d+$", f"127.0.0.1:{port}", value)
    return environment


def _substitute(value: str, variables: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+):\?\}", lambda match: variables[match[1]], value)
