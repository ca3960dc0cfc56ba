"""The first two administrators, as the operator makes them."""

import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pytest
from click.testing import CliRunner, Result

from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from contracts import catalogue
from tests.running import compose
from unionctl import accounts, platform
from unionctl.accounts import PAUSE, TRIES
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
        self.existing: list[str] = []
        self.error: Exception | None = None
        #: Answers that are lost before one comes, in this way.
        self.lost = 0
        self.loss: Exception = DeadlineExceeded("gateway")
        #: Seconds that passed between the questions.
        self.pauses: list[float] = []

    def __call__(self, *_: object) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def call(self, method: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if method == "gateway.list_accounts":
            return {"items": self.existing}
        asked = {each["username"]: each["password"] for each in request["administrators"]}
        assert self.made in ({}, asked)
        self.made = asked
        if self.lost:
            self.lost -= 1
            raise self.loss
        if self.error:
            raise self.error
        return {}


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    gateway = Gateway()
    monkeypatch.setattr(platform, "Operator", gateway)
    monkeypatch.setattr(accounts.time, "sleep", gateway.pauses.append)
    monkeypatch.setenv("AMQP_URI", "amqp://admin:secret@127.0.0.1:1/unionhall")
    monkeypatch.setenv("UNIONHALL_BROKER_API", "http://127.0.0.1:1")
    monkeypatch.setenv("UNIONHALL_PASSWORD_UNIONCTL", "secret")
    return gateway


def bootstrap(run_dir: Path, *options: str, names: Sequence[str] = NAMES) -> Result:
    return CliRunner().invoke(main, ["--run-dir", str(run_dir), "accounts", "bootstrap", *options, *names])


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

    assert told(bootstrap(tmp_path, "--print").stdout) == gateway.made


def test_written_passwords_stay_though_no_answer_comes(gateway: Gateway, tmp_path: Path) -> None:
    gateway.error = DeadlineExceeded("gateway")
    result = bootstrap(tmp_path)

    assert (result.exit_code, "No answer came in time" in result.stderr) == (1, True)
    assert {file.read_text() for file in (tmp_path / "secrets").iterdir()} == set(gateway.made.values())


@pytest.mark.parametrize("loss", [DeadlineExceeded("gateway"), ServiceUnavailable("gateway")])
@pytest.mark.parametrize("options", [[], ["--print"]])
def test_who_hears_no_answer_asks_again_for_the_same_after_a_while(
    gateway: Gateway, tmp_path: Path, options: list[str], loss: Exception
) -> None:
    gateway.lost, gateway.loss = TRIES - 1, loss

    assert bootstrap(tmp_path, *options).exit_code == 0
    assert sorted(gateway.made) == NAMES
    assert gateway.pauses == [PAUSE] * (TRIES - 1)


@pytest.mark.parametrize("options", [[], ["--print"]])
def test_a_platform_that_has_accounts_says_so_and_no_password(
    gateway: Gateway, tmp_path: Path, options: list[str]
) -> None:
    gateway.existing = ["somebody"]
    result = bootstrap(tmp_path / "run", *options)

    assert (result.exit_code, "has accounts already" in result.stderr) == (1, True)
    assert (result.stdout, gateway.made, (tmp_path / "run").exists()) == ("", {}, False)


def test_a_name_that_is_refused_is_named_and_its_password_not_kept(gateway: Gateway, tmp_path: Path) -> None:
    limits = {"least": 3, "most": 100}
    row = {"field": "administrators.1.username", "code": "text_length", "params": limits}
    gateway.error = Refused("invalid_request", errors=[row])
    result = bootstrap(tmp_path)

    told = f"second.admin: {catalogue.text('text_length', 'en', **limits)}"
    assert (result.exit_code, told in result.stderr) == (1, True)
    assert list((tmp_path / "secrets").iterdir()) == []


def test_a_refusal_leaves_the_password_of_an_account_that_was_made_before(gateway: Gateway, tmp_path: Path) -> None:
    bootstrap(tmp_path)
    before = dict(gateway.made)
    gateway.error = Refused("accounts_exist")
    bootstrap(tmp_path)

    assert {file.read_text() for file in (tmp_path / "secrets").iterdir()} == set(before.values())


def test_the_same_name_twice_is_refused_before_anybody_is_asked(gateway: Gateway, tmp_path: Path) -> None:
    result = bootstrap(tmp_path / "run", names=["First.Admin", "first.admin"])

    assert (result.exit_code, "the same name twice" in result.stderr) == (2, True)
    assert (gateway.made, (tmp_path / "run").exists()) == ({}, False)


def test_a_name_with_a_slash_writes_nothing_elsewhere(gateway: Gateway, tmp_path: Path) -> None:
    assert bootstrap(tmp_path / "run", names=["../../one", "another"]).exit_code == 0
    assert len(list((tmp_path / "run/secrets").iterdir())) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


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
def test_the_command_that_the_page_gives_for_compose_makes_two_who_can_sign_in_and_have_to_enrol(
    composed: Platform,
) -> None:
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
        answer = http().post(f"{composed.url}/v1/sessions", json=body)
        assert (answer.status_code, answer.json()["must_enrol"]) == (201, True)
