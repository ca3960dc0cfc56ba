"""The first two administrators, as the operator makes them."""

import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import pytest
from click.testing import CliRunner, Result

from chassis.errors import DeadlineExceeded, Refused
from contracts import catalogue
from tests.running import compose
from unionctl import accounts
from unionctl.main import main
from unionctl.management import http
from unionctl.platform import Platform
from unionctl.readiness import await_ready

ROOT = compose.COMPOSE_FILE.parent
NAMES = ["first.admin", "second.admin"]


class Gateway:
    """Stands in for the gateway behind the broker: notes whom it was asked to make, and answers what a test says."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}
        self.error: Exception | None = None

    def __call__(self, _: str) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def call(self, _: str, request: Mapping[str, Any]) -> None:
        self.made = {each["username"]: each["password"] for each in request["administrators"]}
        if self.error:
            raise self.error


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    gateway = Gateway()
    monkeypatch.setattr(accounts, "Operator", gateway)
    monkeypatch.setenv("AMQP_URI", "amqp://admin:secret@127.0.0.1:1/unionhall")
    monkeypatch.setenv("UNIONHALL_BROKER_API", "http://127.0.0.1:1")
    monkeypatch.setenv("UNIONHALL_PASSWORD_UNIONCTL", "secret")
    return gateway


def bootstrap(run_dir: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["--run-dir", str(run_dir), "accounts", "bootstrap", *options, *NAMES])


def told(output: str) -> dict[str, str]:
    """What stands behind each name."""
    return {name: rest.strip() for name, _, rest in (line.partition(" ") for line in output.splitlines())}


def test_the_passwords_are_written_where_the_output_says(gateway: Gateway, tmp_path: Path) -> None:
    result = bootstrap(tmp_path)

    files = {name: Path(rest.removeprefix("password in ")) for name, rest in told(result.output).items()}
    assert {name: file.read_text() for name, file in files.items()} == gateway.made
    assert not any(password in result.output for password in gateway.made.values())


def test_printed_passwords_are_written_nowhere(gateway: Gateway, tmp_path: Path) -> None:
    result = bootstrap(tmp_path / "run", "--print")

    assert told(result.output) == gateway.made
    assert sorted(gateway.made) == NAMES
    assert not (tmp_path / "run").exists()


def test_passwords_are_printed_though_no_answer_comes(gateway: Gateway, tmp_path: Path) -> None:
    gateway.error = DeadlineExceeded("gateway")

    assert told(bootstrap(tmp_path, "--print").output) == gateway.made


def test_a_platform_that_has_accounts_says_so(gateway: Gateway, tmp_path: Path) -> None:
    gateway.error = Refused("accounts_exist")
    result = bootstrap(tmp_path, "--print")

    assert (result.exit_code, "has accounts already" in result.output) == (1, True)


def test_names_that_are_refused_are_explained(gateway: Gateway, tmp_path: Path) -> None:
    gateway.error = Refused("invalid_request", errors=[{"field": "administrators.0.username", "code": "text_length"}])
    result = bootstrap(tmp_path)

    assert (result.exit_code, catalogue.text("text_length", "en") in result.output) == (1, True)


@pytest.fixture
def composed(servers: Platform) -> Iterator[Platform]:
    """The gateway as compose describes it, after its set-up."""
    setup, gateway = compose.local(servers, "setup"), compose.local(servers, "gateway.1")
    subprocess.run(setup.command, env=dict(setup.environment), cwd=ROOT, check=True)
    try:
        servers.processes.start(gateway)
        await_ready(servers.processes, {"gateway.1": servers.ops_address("gateway.1")}, timeout=60)
        yield servers
    finally:
        servers.processes.stop("gateway.1")


@pytest.mark.slow
def test_the_command_that_the_page_gives_for_compose_makes_two_who_can_sign_in(composed: Platform) -> None:
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    line = next(line for line in page.splitlines() if line.startswith("docker compose run --rm setup python "))
    arguments = shlex.split(line)[6:]
    environment = dict(compose.local(composed, "setup").environment)
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )

    passwords = told(done.stdout)
    assert len(passwords) == 2
    for username, password in passwords.items():
        body = {"username": username, "password": password}
        assert http().post(f"{composed.url}/v1/sessions", json=body).status_code == 201
