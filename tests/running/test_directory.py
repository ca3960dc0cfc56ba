"""Ports and secrets of a run directory."""

import base64
import socket
from pathlib import Path

import pytest

from unionctl.directory import RunDirectory


def test_a_port_stays_the_same_in_every_later_run(tmp_path: Path) -> None:
    assert RunDirectory(tmp_path).port("amqp") == RunDirectory(tmp_path).port("amqp")


@pytest.mark.parametrize("written", ["", "{", "[]", '{"ports": [1]}', '{"ports": {"amqp": "x"}}'])
def test_ports_that_cannot_be_read_count_as_absent(tmp_path: Path, written: str) -> None:
    (tmp_path / "state.json").write_text(written)
    port = RunDirectory(tmp_path).port("amqp")
    assert RunDirectory(tmp_path).port("amqp") == port


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    names = [f"port{number}" for number in range(50)]
    assert len({directory.port(name) for name in names}) == len(names)


def test_a_preferred_port_is_taken_where_it_is_free(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        assert directory.port("first", preferred=taken) != taken
    assert directory.port("second", preferred=taken) == taken


def test_a_port_that_a_stranger_took_meanwhile_is_replaced(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    port = directory.port("amqp")
    directory.renew_port_if_taken("amqp")
    assert directory.port("amqp") == port
    with socket.create_server(("127.0.0.1", port)):
        directory.renew_port_if_taken("amqp")
        assert directory.port("amqp") != port


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    assert directory.password("events") == RunDirectory(tmp_path).password("events")
    assert directory.password("events") != directory.password("reporting")
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "secrets").iterdir()} == {0}


def test_a_directory_and_its_rooms_are_their_owners_alone_though_an_older_version_made_them(tmp_path: Path) -> None:
    path = tmp_path / "run"
    (path / "logs").mkdir(parents=True, mode=0o755)
    RunDirectory(path).create()
    RunDirectory(tmp_path / "new").create()
    assert {room.stat().st_mode & 0o077 for room in path.iterdir()} == {0}
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_password_from_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONHALL_PASSWORD_EVENTS", "given")
    assert RunDirectory(tmp_path).password("events") == "given"


def test_keys_have_the_form_that_the_settings_ask_for(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    for key in (directory.file_key("events"), directory.person_key("master"), directory.token_key()):
        assert len(base64.b64decode(key, validate=True)) == 32
