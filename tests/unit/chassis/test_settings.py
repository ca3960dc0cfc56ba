"""The settings of a process: read once, and refused with one sentence."""

from base64 import b64encode

import pytest

from chassis.settings import InvalidSettings, load, load_or_exit

GIVEN = {
    "AMQP_URI": "amqp://events:x@127.0.0.1:5672/unionhall",
    "DATABASE_URL": "postgresql://events:x@127.0.0.1/events",
    "FILE_KEY": b64encode(bytes(32)).decode(),
}


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENV", "OPS_ADDRESS", "WORKERS", "HEARTBEAT", "FAILPOINTS", "LOG_FORMAT"):
        monkeypatch.delenv(f"UNIONHALL_{name}", raising=False)
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"UNIONHALL_{name}", value)


def test_what_is_not_given_is_what_production_needs() -> None:
    loaded = load()

    assert loaded.production
    assert (loaded.workers, loaded.heartbeat, loaded.failpoints, loaded.log_format) == (10, 10, (), "json")
    assert loaded.ops_address == ("127.0.0.1", 9100)


@pytest.mark.parametrize("name", GIVEN)
def test_what_must_be_given_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(f"UNIONHALL_{name}")

    with pytest.raises(InvalidSettings, match=f"UNIONHALL_{name}"):
        load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("WORKERS", "many"),
        ("WORKERS", "0"),
        ("HEARTBEAT", "0"),
        ("FILE_KEY", b64encode(bytes(16)).decode()),
        ("FILE_KEY", "not base64!"),
        ("OPS_ADDRESS", "9100"),
        ("OPS_ADDRESS", "localhost:http"),
        ("LOG_FORMAT", "xml"),
        ("FAILPOINTS", "relay.before_mark:kill"),
    ],
)
def test_a_wrong_setting_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"UNIONHALL_{name}", value)

    with pytest.raises(InvalidSettings):
        load()


def test_failpoints_may_be_set_outside_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONHALL_ENV", "development")
    monkeypatch.setenv("UNIONHALL_FAILPOINTS", "relay.before_mark:kill:3,command.before_reply:sleep")

    assert load().failpoints == ("relay.before_mark:kill:3", "command.before_reply:sleep")


def test_a_process_with_wrong_settings_ends_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONHALL_WORKERS", "0")

    with pytest.raises(SystemExit) as ended:
        load_or_exit()

    assert str(ended.value.code).startswith("unionhall cannot start: UNIONHALL_WORKERS")
