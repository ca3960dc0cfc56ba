"""Membership does not start without the keys of persons, and no message or print shows one."""

import os
import subprocess
import sys
from base64 import b64encode

import pytest

from chassis.settings import InvalidSettings
from services.membership import settings

GIVEN = {
    "KEYSTORE_URL": "postgresql+psycopg2://membership:hunter2@127.0.0.1/keystore",
    "MASTER_KEY": b64encode(b"m" * 32).decode(),
    "INTERNAL_KEY": b64encode(b"i" * 32).decode(),
    "INDEX_KEY": b64encode(b"x" * 32).decode(),
}


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"UNIONHALL_{name}", value)


def test_the_keys_have_the_lengths_that_their_ciphers_ask_for() -> None:
    loaded = settings.load()

    assert loaded.keystore_url == GIVEN["KEYSTORE_URL"]
    assert len(loaded.master_key) == 16
    assert (loaded.internal_key, loaded.index_key) == (b"i" * 32, b"x" * 32)


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("value", [None, "", "hunter2", b64encode(bytes(16)).decode()])
def test_a_missing_or_wrong_setting_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    monkeypatch.delenv(f"UNIONHALL_{name}")
    if value is not None:
        monkeypatch.setenv(f"UNIONHALL_{name}", value)

    with pytest.raises(InvalidSettings, match=f"UNIONHALL_{name}") as raised:
        settings.load()
    assert not value or value not in str(raised.value)


def test_settings_print_nothing() -> None:
    assert repr(settings.load()) == "MembershipSettings()"


def test_a_missing_key_ends_the_process_with_one_sentence() -> None:
    given = {
        "UNIONHALL_AMQP_URI": "amqp://membership:x@127.0.0.1:1/",
        "UNIONHALL_DATABASE_URL": "postgresql+psycopg2://membership:x@127.0.0.1:1/membership",
        "UNIONHALL_FILE_KEY": b64encode(bytes(32)).decode(),
        "UNIONHALL_MASTER_KEY": "",
    }
    command = [sys.executable, "-W", "ignore", "-m", "chassis.run", "services.membership.service:Membership"]
    done = subprocess.run(command, env=os.environ | given, check=False, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("unionhall cannot start: ")
    assert "UNIONHALL_MASTER_KEY" in done.stderr
