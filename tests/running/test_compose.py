"""The compose file: valid, complete, and starting what the local platform starts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.running import compose
from unionctl.broker_container import IMAGE
from unionctl.platform import Platform
from unionctl.postgres import DISCREET
from unionctl.readiness import await_ready
from unionctl.services import RUNNING, base_environment, command

ROOT = compose.COMPOSE_FILE.parent


def docker_compose() -> str:
    """Path of `docker-compose`, installed from Debian's packages where it is missing."""
    if shutil.which("docker-compose") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "docker-compose"]):
            subprocess.run(["apt-get", "--quiet", *arguments], capture_output=True, check=True)
    found = shutil.which("docker-compose")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("there is neither docker-compose nor an apt-get that could install it")
    assert found is not None, "docker-compose is missing on CI"
    return found


def make_environment(file: Path) -> None:
    """Do what `make .env` does."""
    subprocess.run([sys.executable, str(ROOT / "deploy/environment.py"), str(file)], check=True)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A fresh `.env`."""
    file = tmp_path / "env"
    make_environment(file)
    return file


def test_postgresql_keeps_the_same_values_out_of_its_log() -> None:
    stack = yaml.safe_load(compose.COMPOSE_FILE.read_text())
    options = {f"--{name}={value}" for name, value in DISCREET.items()}
    assert options <= set(stack["services"]["postgres"]["command"])


def test_secrets_are_made_up_once_and_readable_by_their_owner_alone(secrets: Path) -> None:
    first = secrets.read_text()
    make_environment(secrets)
    assert secrets.read_text() == first
    assert secrets.stat().st_mode & 0o077 == 0


def test_docker_compose_accepts_the_file_with_the_secrets_that_we_make_up(secrets: Path) -> None:
    arguments = [docker_compose(), "--file", str(compose.COMPOSE_FILE), "--env-file", str(secrets), "config"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["services"].keys() == compose.services().keys()


def test_docker_compose_refuses_to_start_without_secrets() -> None:
    arguments = [docker_compose(), "--file", str(compose.COMPOSE_FILE), "--env-file", "/dev/null", "config"]
    assert subprocess.run(arguments, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("service", RUNNING)
def test_compose_starts_each_service_with_the_command_of_the_local_platform(servers: Platform, service: str) -> None:
    found = compose.process(service, compose.variables_of(servers))
    assert found.command[0] == "python"
    assert found.command[1:] == command(service)[1:]


@pytest.mark.parametrize("service", RUNNING)
def test_compose_gives_each_service_the_settings_of_the_local_platform(servers: Platform, service: str) -> None:
    name = f"{service}.1"
    found = compose.process(service, compose.variables_of(servers))
    settings = compose.localised(servers, name, found)
    local = {key: value for key, value in servers.environment_of(name).items() if key not in base_environment()}
    assert settings.pop("UNIONHALL_ENV") == "production"
    assert settings == {key: value for key, value in local.items() if key != "UNIONHALL_ENV"}


def test_the_setup_gets_every_password_that_the_services_get(servers: Platform) -> None:
    variables = compose.variables_of(servers)
    setup = compose.process("setup", variables).environment
    for account in (*RUNNING, "unionctl"):
        name = f"UNIONHALL_PASSWORD_{account.upper()}"
        assert setup[name] == variables[name]


@pytest.mark.parametrize("service", ["balancer", "rabbitmq", "postgres", *RUNNING])
def test_each_long_running_service_is_watched_restarted_and_given_time_to_stop(service: str) -> None:
    settings = compose.services()[service]
    assert settings["healthcheck"]["test"]
    assert settings["restart"] == "unless-stopped"
    assert settings["stop_grace_period"]


@pytest.mark.parametrize("service", RUNNING)
def test_each_service_of_ours_can_be_scaled(service: str) -> None:
    assert compose.services()[service].keys().isdisjoint({"container_name", "ports", "hostname"})


def test_the_container_broker_is_the_one_of_the_compose_file() -> None:
    assert compose.services()["rabbitmq"]["image"] == IMAGE


@pytest.mark.slow
def test_the_stack_as_compose_describes_it_becomes_ready(servers: Platform) -> None:
    """Set-up and services with exactly the commands and environments of the file; only addresses differ."""
    setup = compose.local(servers, "setup")
    subprocess.run(setup.command, env=dict(setup.environment), cwd=ROOT, check=True)
    names = [f"{service}.1" for service in RUNNING]
    try:
        for name in names:
            servers.processes.start(compose.local(servers, name))
        await_ready(servers.processes, {name: servers.ops_address(name) for name in names}, timeout=60)
    finally:
        servers.processes.stop(*names)
