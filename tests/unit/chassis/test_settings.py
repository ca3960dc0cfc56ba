"""The settings of a process: read once, and refused with one sentence."""

from base64 import b64encode

import pytest

from chassis.settings import InvalidSettings, load, load_or_exit

GIVEN = {
    "AMQP_URI": "amqp://events:x@127.0.0.1:5672/unionhall",
    "DATABASE_URL": "postgresql+psycopg2://events:x@127.0.0.1/events",
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
    ("name", "value", "expected"),
    [
        ("ENV", "prod", "development or production"),
        ("AMQP_URI", "", "amqp://"),
        ("AMQP_URI", "http://127.0.0.1:5672/", "amqp://"),
        ("AMQP_URI", "amqp://events:hunter2@127.0.0.1:port/", "amqp://"),
        ("DATABASE_URL", "", "postgresql+psycopg2://"),
        ("DATABASE_URL", "hunter2", "postgresql+psycopg2://"),
        ("DATABASE_URL", "mysql://events:hunter2@127.0.0.1/events", "postgresql+psycopg2://"),
        ("DATABASE_URL", "postgresql://events:hunter2@127.0.0.1/events", "postgresql+psycopg2://"),
        ("DATABASE_URL", "postgresql+asyncpg://events:hunter2@127.0.0.1/events", "postgresql+psycopg2://"),
        ("DATABASE_URL", "postgresql+psycopg2://events:hunter2@127.0.0.1:port/events", "postgresql+psycopg2://"),
        ("DATABASE_URL", "postgresql+psycopg2://events:hunter2@127.0.0.1", "postgresql+psycopg2://"),
        ("OPS_ADDRESS", "9100", "host:port"),
        ("OPS_ADDRESS", "localhost:http", "host:port"),
        ("OPS_ADDRESS", "localhost:65536", "host:port"),
        ("WORKERS", "many", "at least 1"),
        ("WORKERS", "0", "at least 1"),
        ("HEARTBEAT", "1.5", "at least 1"),
        ("HEARTBEAT", "0", "at least 1"),
        ("FILE_KEY", b64encode(bytes(16)).decode(), "32 bytes in base64"),
        ("FILE_KEY", b64encode(bytes(32)).decode()[:-1], "32 bytes in base64"),
        ("FILE_KEY", "hunter2", "32 bytes in base64"),
        ("LOG_FORMAT", "xml", "json or console"),
        ("FAILPOINTS", "relay.before_mark", "place:action"),
        ("FAILPOINTS", "relay.before_tea:kill", "place:action"),
        ("FAILPOINTS", "relay.before_mark:kill:often", "place:action"),
        ("FAILPOINTS", "relay.before_mark:kill", "empty in production"),
    ],
)
def test_a_wrong_setting_ends_the_process_with_one_sentence_that_names_it_and_shows_no_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"UNIONHALL_{name}", value)

    with pytest.raises(SystemExit) as ended:
        load_or_exit(load)

    told = str(ended.value.code)
    assert told.startswith("unionhall cannot start: ")
    assert f"UNIONHALL_{name}" in told
    assert expected in told
    assert "\n" not in told
    assert "hunter2" not in told


def test_failpoints_may_be_set_outside_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONHALL_ENV", "development")
    monkeypatch.setenv("UNIONHALL_FAILPOINTS", "relay.before_mark:kill:3,command.before_reply:sleep")

    assert load().failpoints == ("relay.before_mark:kill:3", "command.before_reply:sleep")
