"""The platform as a whole, and the command line in front of it."""

import json
import signal
import tomllib
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from chassis.errors import DeadlineExceeded, Refused, RemoteFailure, ServiceUnavailable
from chassis.operator import AccessRefused
from contracts import catalogue
from tests.running.commands import unionctl
from unionctl import display
from unionctl.accounts import password
from unionctl.errors import NotReady
from unionctl.main import main
from unionctl.management import http
from unionctl.platform import Platform
from unionctl.processes import Spec, wait_until
from unionctl.services import RUNNING, instances


def test_every_service_has_a_process_and_a_scaled_one_has_more() -> None:
    assert instances(("membership", "events"), {"events": 2}) == ["membership.1", "events.1", "events.2"]


@pytest.mark.parametrize(
    ("scale", "left"),
    [({}, ["membership.1", "events.1", "events.2"]), ({"events": 1}, ["membership.1", "events.1"])],
)
def test_what_runs_stays_unless_a_scale_says_otherwise(scale: dict[str, int], left: list[str]) -> None:
    assert instances(("membership", "events"), scale, ["events.2", "membership.1"]) == left


def test_a_scale_for_an_unknown_service_is_refused_before_anything_starts(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--run-dir", str(tmp_path / "x"), "up", "--scale", "evnts=2"])
    assert (result.exit_code, "No service is called evnts" in result.output) == (1, True)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(("command", "told"), [("down", "Nothing ran here."), ("status", "Nothing runs here")])
def test_looking_at_a_platform_that_never_ran_leaves_no_trace(tmp_path: Path, command: str, told: str) -> None:
    result = CliRunner().invoke(main, ["--run-dir", str(tmp_path / "x"), command])
    assert (result.exit_code, told in result.output) == (0, True)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["dead list", "rebuild reporting", "accounts bootstrap"])
def test_what_needs_a_platform_that_never_ran_says_what_starts_it_and_leaves_no_trace(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMQP_URI", raising=False)
    result = CliRunner().invoke(main, ["--run-dir", str(tmp_path / "x"), *command.split()])
    assert (result.exit_code, "`unionctl up` starts it" in result.output) == (1, True)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ServiceUnavailable("reporting"), "away (reporting)"),
        (DeadlineExceeded("1"), "may be done or not"),
        (RemoteFailure("KeyError"), "(KeyError)"),
        (Refused("in_progress"), catalogue.text("in_progress", "en")),
        (AccessRefused("ACCESS_REFUSED"), "`unionctl topology`"),
        (ConnectionRefusedError(), "`make up`"),
        (ConnectionResetError(), "`make up`"),
        (TimeoutError(), "`make up`"),
        (requests.ConnectionError(), "`make up`"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_known_failure_of_any_command_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, told: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Platform, "operator", fail)
    result = CliRunner().invoke(main, ["--run-dir", str(tmp_path), "rebuild", "reporting"])
    assert (result.exit_code, told in result.stderr) == (1, True)
    assert len(result.stderr.splitlines()) == 1


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(display.__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert CliRunner().invoke(main, ["--version"]).output == f"unionctl, version {project['version']}\n"


@pytest.mark.slow
def test_up_makes_every_process_ready(platform: Platform) -> None:
    assert platform.process_names() == sorted([*(f"{service}.1" for service in RUNNING), "events.2"])
    for process in platform.process_names():
        for path in ("live", "ready", "metrics"):
            assert http().get(f"http://{platform.ops_address(process)}/{path}").ok


@pytest.mark.slow
def test_up_again_leaves_what_runs_alone_and_a_smaller_scale_stops_the_rest(platform: Platform) -> None:
    before = {name: platform.processes.pid(name) for name in platform.processes.names()}
    assert unionctl(platform, "up").exit_code == 0
    assert {name: platform.processes.pid(name) for name in platform.processes.names()} == before
    assert "no process  events" in unionctl(platform, "up", "--scale", "events=0").output
    after = {name: platform.processes.pid(name) for name in platform.processes.names()}
    assert before.keys() - after.keys() == {"events.1", "events.2"}
    assert after.items() <= before.items()
    platform.start(scale={"events": 2})


@pytest.mark.slow
def test_a_killed_service_becomes_ready_again(platform: Platform) -> None:
    before = platform.processes.restarts("events.1")
    platform.signal("events.1", signal.SIGKILL)
    wait_until(lambda: platform.processes.restarts("events.1") > before, 10, "It stayed dead.")
    platform.wait_ready("events.1")


@pytest.mark.slow
def test_services_wait_for_a_broker_that_comes_back(platform: Platform) -> None:
    platform.broker.stop()
    platform.broker.start()
    platform.wait_ready()


def test_restart_takes_one_process_after_the_other(platform: Platform) -> None:
    before = [platform.processes.pid(name) for name in ("events.1", "events.2", "reporting.1")]
    assert unionctl(platform, "restart", "events").output.splitlines() == ["events.1 runs again", "events.2 runs again"]
    after = [platform.processes.pid(name) for name in ("events.1", "events.2", "reporting.1")]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]


def test_status_names_every_process_and_the_way_in(platform: Platform) -> None:
    output = unionctl(platform, "status").output
    assert all(name in output for name in platform.processes.names())
    assert platform.url in output
    management = f"{platform.broker.api.url} as admin, password in {platform.broker.password_place}"
    assert management in output
    assert Path(platform.broker.password_place).read_text() == platform.directory.password("broker_admin")


def test_where_to_sign_in_stands_with_the_names_whose_passwords_are_kept(tmp_path: Path) -> None:
    platform = Platform(tmp_path)
    platform.directory.create()
    (tmp_path / "processes/gateway.1.spec").touch()
    assert "`unionctl accounts bootstrap` makes the first two accounts" in display.addresses(platform)[-1]
    password(platform, "system.admin")
    assert display.addresses(platform)[-2:] == [
        "sign in     system.admin",
        f"passwords   {tmp_path}/secrets/account-<name>.password",
    ]


def test_a_log_begins_with_a_line_of_the_process_itself(platform: Platform) -> None:
    for process in platform.process_names():
        lines = platform.directory.log(process).read_text().splitlines()
        assert json.loads(lines[0])["event"]
        assert not any("EventletDeprecationWarning" in line for line in lines)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("setup", "The broker is as the contracts say.\nEvery database has the newest schema.\n"),
        ("topology", "The broker is as the contracts say.\n"),
        ("migrate", "Every database has the newest schema.\n"),
    ],
)
def test_preparing_what_is_ready_says_so_and_that_nothing_started(platform: Platform, command: str, told: str) -> None:
    assert unionctl(platform, command).output == told


@pytest.mark.slow
def test_a_command_that_starts_a_server_says_so_and_down_names_what_it_stopped(tmp_path: Path) -> None:
    alone = Platform(tmp_path)
    try:
        assert "Started postgres; `unionctl down` stops" in unionctl(alone, "migrate").output
        # RabbitMQ does not run, so nobody is sent to its pages
        assert "management" not in unionctl(alone, "status").output
    finally:
        stopped = unionctl(alone, "down").output
    assert stopped == "Stopped postgres; the data stays.\n"


def test_rebuild_and_list_say_which_service_is_away_and_the_list_shows_the_others(platform: Platform) -> None:
    platform.stop_process("reporting.1")
    try:
        rebuilt, listed = unionctl(platform, "rebuild", "reporting"), unionctl(platform, "dead", "list")
    finally:
        platform.start_process("reporting.1")
        platform.wait_ready("reporting.1")
    assert (rebuilt.exit_code, "away (reporting)" in rebuilt.stderr) == (1, True)
    assert (listed.exit_code, "No answer came from reporting" in listed.stderr) == (1, True)
    assert listed.stdout == "There is no open dead letter in events, gateway, welfare.\n"


def test_a_password_that_the_broker_does_not_know_is_told_with_the_mend(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNIONHALL_PASSWORD_UNIONCTL", "wrong")
    result = unionctl(platform, "dead", "list")
    assert (result.exit_code, "`unionctl topology` sets both right" in result.stderr) == (1, True)


def test_logs_are_shown_of_one_service_or_of_all(platform: Platform) -> None:
    one, everything = unionctl(platform, "logs", "events").output, unionctl(platform, "logs").output
    assert {line.split()[0] for line in one.splitlines()} == {"events.1", "events.2"}
    assert {"membership.1", "postgres", "rabbitmq"} <= {line.split()[0] for line in everything.splitlines()}


def test_an_unknown_process_is_named_in_one_sentence(platform: Platform) -> None:
    for arguments in (["restart", "nobody"], ["logs", "nobody"]):
        result = unionctl(platform, *arguments)
        assert (result.exit_code, "nobody" in result.output) == (1, True)


def test_a_process_that_keeps_ending_is_reported_with_its_last_words(platform: Platform) -> None:
    command = ("/bin/sh", "-c", "echo the setting is wrong; exit 3")
    platform.processes.start(Spec("membership.9", command))
    try:
        with pytest.raises(NotReady, match=r"membership\.9 keeps ending\.\nthe setting is wrong"):
            platform.wait_ready("membership.9")
    finally:
        platform.stop_process("membership.9")
