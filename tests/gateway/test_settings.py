"""A wrong setting stops the start with a sentence that names it and shows no secret."""

import base64
import os
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.settings import InvalidSettings
from gateway import settings

KEY = Ed25519PrivateKey.generate()
RAW = base64.b64encode(KEY.private_bytes_raw()).decode()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
OTHER = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(autouse=True)
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that no test here is about."""
    monkeypatch.setenv("UNIONHALL_ENV", "development")
    monkeypatch.setenv("UNIONHALL_FILE_KEY", base64.b64encode(bytes(range(32))).decode())


@pytest.mark.parametrize("text", [RAW, PEM], ids=["raw", "PEM"])
def test_the_key_comes_in_two_forms(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", text)
    monkeypatch.setenv("UNIONHALL_HTTP_ADDRESS", "127.0.0.1:8601")
    loaded = settings.load()

    assert loaded.token_key.private_bytes_raw() == KEY.private_bytes_raw()
    assert loaded.http_address == ("127.0.0.1", 8601)


@pytest.mark.parametrize(
    "text",
    ["", "short", RAW[:-4], RAW + "AAAA", PEM[:60], OTHER.decode(), "钥"],
    ids=["nothing", "too short for any", "cut off", "too long", "PEM cut off", "of another kind", "no Latin letters"],
)
def test_a_wrong_key_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", text)

    with pytest.raises(InvalidSettings, match="UNIONHALL_TOKEN_KEY") as raised:
        settings.load()
    assert not text or text not in str(raised.value)


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIONHALL_TOKEN_KEY", raising=False)

    with pytest.raises(InvalidSettings, match="UNIONHALL_TOKEN_KEY"):
        settings.load()


@pytest.mark.parametrize("value", ["8600", "127.0.0.1:http", "127.0.0.1:65536"])
def test_a_wrong_address_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", RAW)
    monkeypatch.setenv("UNIONHALL_HTTP_ADDRESS", value)

    with pytest.raises(InvalidSettings, match=r"UNIONHALL_HTTP_ADDRESS.*host:port"):
        settings.load()


@pytest.mark.parametrize(("given", "proxies"), [(None, 0), ("0", 0), ("2", 2)])
def test_proxies_are_trusted_only_if_somebody_says_so(
    monkeypatch: pytest.MonkeyPatch, given: str | None, proxies: int
) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", RAW)
    if given is not None:
        monkeypatch.setenv("UNIONHALL_TRUSTED_PROXIES", given)

    assert settings.load().trusted_proxies == proxies


@pytest.mark.parametrize("value", ["", "-1", "all", "10.0.0.0/8"])
def test_a_wrong_number_of_proxies_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", RAW)
    monkeypatch.setenv("UNIONHALL_TRUSTED_PROXIES", value)

    with pytest.raises(InvalidSettings, match="UNIONHALL_TRUSTED_PROXIES"):
        settings.load()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"UNIONHALL_TOKEN_KEY": "short"}, "UNIONHALL_TOKEN_KEY"),
        (
            {"UNIONHALL_ENV": "production", "UNIONHALL_SECOND_FACTOR": "optional"},
            "UNIONHALL_SECOND_FACTOR must be required in production",
        ),
    ],
    ids=["no key", "no second factor in production"],
)
def test_a_setting_of_the_gateways_own_ends_the_process_as_any_other_does(wrong: dict[str, str], sentence: str) -> None:
    given = {
        "UNIONHALL_AMQP_URI": "amqp://gateway:x@127.0.0.1:1/",
        "UNIONHALL_DATABASE_URL": "postgresql+psycopg2://gateway:x@127.0.0.1:1/gateway",
        "UNIONHALL_FILE_KEY": base64.b64encode(bytes(32)).decode(),
        "UNIONHALL_TOKEN_KEY": RAW,
        **wrong,
    }
    command = [sys.executable, "-W", "ignore", "-m", "chassis.run", "gateway.service:Gateway"]
    done = subprocess.run(command, env=os.environ | given, check=False, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"unionhall cannot start: {sentence}")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("where", "given", "policy"),
    [
        ("development", None, "optional"),
        ("development", "optional", "optional"),
        ("development", "required", "required"),
        ("production", None, "required"),
        ("production", "", "required"),
        ("production", "required", "required"),
        (None, None, "required"),
    ],
)
def test_a_second_factor_is_required_in_production_and_elsewhere_if_somebody_says_so(
    monkeypatch: pytest.MonkeyPatch, where: str | None, given: str | None, policy: str
) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", RAW)
    monkeypatch.delenv("UNIONHALL_ENV")
    for name, value in (("ENV", where), ("SECOND_FACTOR", given)):
        if value is not None:
            monkeypatch.setenv(f"UNIONHALL_{name}", value)

    assert settings.load().second_factor == policy


@pytest.mark.parametrize(
    ("where", "given", "sentence"),
    [
        ("production", "optional", "UNIONHALL_SECOND_FACTOR must be required in production"),
        ("development", "never", "UNIONHALL_SECOND_FACTOR must be required or optional"),
    ],
)
def test_another_word_about_the_second_factor_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, where: str, given: str, sentence: str
) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", RAW)
    monkeypatch.setenv("UNIONHALL_ENV", where)
    monkeypatch.setenv("UNIONHALL_SECOND_FACTOR", given)

    with pytest.raises(InvalidSettings) as raised:
        settings.load()
    assert str(raised.value) == sentence


def test_the_settings_show_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONHALL_TOKEN_KEY", RAW)
    loaded = settings.load()

    assert "key" not in repr(loaded)
    assert loaded.factor_key != bytes(range(32))[:16]
