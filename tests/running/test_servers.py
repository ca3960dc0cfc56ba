"""The private servers: who reaches what, and the failures that can be staged on them."""

import os
import subprocess
from contextlib import closing
from pathlib import Path

import amqp
import psutil
import psycopg2
import pytest

from tests.running.broker_client import channel
from unionctl.broker import GivenBroker
from unionctl.errors import NotOurs, PlatformError
from unionctl.platform import Platform
from unionctl.postgres import GivenPostgres, unprivileged
from unionctl.processes import wait_until


def connect(servers: Platform, account: str, database: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(
        host="127.0.0.1",
        port=servers.postgres.admin_url.port,
        user=f"unionhall_{account}",
        password=servers.directory.password(account),
        dbname=f"unionhall_{database}",
    )


def park(channel: amqp.Channel, body: str) -> None:
    """Publish with confirm into the dead letters that nobody drains."""
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), "dead", "membership")


def test_a_service_opens_its_own_database_and_no_other(servers: Platform) -> None:
    for account in ("events", "reporting"):
        servers.postgres.ensure_database(account, servers.directory.password(account))
    connect(servers, "events", "events").close()
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        connect(servers, "events", "reporting")


def test_the_keystore_opens_for_membership_and_nobody_else(servers: Platform) -> None:
    for account, database in (("membership", "keystore"), ("events", "events")):
        servers.postgres.ensure_database(account, servers.directory.password(account), database)
    connect(servers, "membership", "keystore").close()
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        connect(servers, "events", "keystore")


def test_a_database_is_made_once_and_its_password_can_change(servers: Platform) -> None:
    password = servers.directory.password("events")
    servers.postgres.ensure_database("events", "another")
    assert servers.postgres.ensure_database("events", password) is False
    connect(servers, "events", "events").close()


def test_a_conflict_leaves_no_value_in_the_log_of_postgresql(servers: Platform) -> None:
    """A constraint's DETAIL repeats the row, and a failed STATEMENT what it carries, such as a password's hash."""
    with servers.postgres.connection() as cursor:
        cursor.execute("CREATE TABLE account (name text PRIMARY KEY, hash text)")
        try:
            cursor.execute("INSERT INTO account VALUES (%s, %s)", ["the name", "the hash"])
            with pytest.raises(psycopg2.errors.UniqueViolation):
                cursor.execute("INSERT INTO account VALUES (%s, %s)", ["the name", "the hash"])
        finally:
            cursor.execute("DROP TABLE account")
    log = servers.directory.log("postgres")
    wait_until(lambda: "duplicate key value" in log.read_text(), 10, "The conflict does not show at all.")
    assert "the name" not in log.read_text()
    assert "the hash" not in log.read_text()


def test_what_the_servers_write_is_their_owners_alone(servers: Platform) -> None:
    for process in ("postgres", "rabbitmq", "supervisor"):
        assert servers.directory.log(process).stat().st_mode & 0o077 == 0


def test_a_restart_cuts_connections_and_keeps_what_was_committed(servers: Platform) -> None:
    servers.postgres.ensure_database("events", servers.directory.password("events"))
    before = connect(servers, "events", "events")
    with closing(before), before.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 1 AS number")
        before.commit()
        servers.postgres.restart()
        with pytest.raises(psycopg2.OperationalError):
            cursor.execute("SELECT 1")
    with closing(connect(servers, "events", "events")) as after, after.cursor() as cursor:
        cursor.execute("SELECT number FROM kept")
        assert cursor.fetchone() == (1,)
        cursor.execute("DROP TABLE kept")
        after.commit()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
def test_postgres_runs_unprivileged_below_a_directory_that_only_root_may_enter(servers: Platform) -> None:
    postgres = psutil.Process(servers.processes.pid("postgres"))
    file = servers.directory.path / "programs-check-before-they-run-another"
    file.write_text("")
    assert servers.directory.path.stat().st_mode & 0o077 == 0
    assert (postgres.username(), postgres.uids().effective != 0) == ("nobody", True)
    assert subprocess.run([*unprivileged(), "test", "-r", str(file)], check=False).returncode == 0


def test_the_servers_listen_on_loopback_alone(servers: Platform) -> None:
    for name in ("postgres", "rabbitmq", "epmd"):
        ours = {process.pid for process in servers.processes.tree(name)}
        # all sockets at once: a process of one connection may end while it is asked for its own
        sockets = [each for each in psutil.net_connections() if each.pid in ours and each.status == "LISTEN"]
        assert {each.laddr.ip for each in sockets} <= {"127.0.0.1", "::1"}, name
        assert sockets, name


def test_a_frozen_broker_answers_nothing_until_it_is_thawed(servers: Platform) -> None:
    with channel(servers, "membership") as membership:
        servers.broker.freeze()
        try:
            with pytest.raises(TimeoutError):
                park(membership, "lost in time")
        finally:
            servers.broker.thaw()
    servers.broker.start()


def test_under_a_memory_alarm_publishing_waits(servers: Platform) -> None:
    reasons: list[str] = []
    with channel(servers, "membership") as membership:
        membership.connection.on_blocked = reasons.append
        servers.broker.set_memory_alarm(on=True)
        try:
            with pytest.raises(TimeoutError):
                park(membership, "waits")
        finally:
            servers.broker.set_memory_alarm(on=False)
    assert reasons
    with channel(servers, "membership") as membership:
        park(membership, "goes on")


@pytest.mark.slow
def test_messages_outlive_the_stop_of_the_application_and_of_the_whole_node(servers: Platform) -> None:
    with channel(servers, "membership") as membership:
        park(membership, "kept")
    servers.broker.stop_app()
    assert not servers.broker.api.answers("overview")
    servers.broker.start_app()
    servers.broker.stop()
    assert not servers.broker.api.answers("overview")
    servers.broker.start()
    with channel(servers, "membership") as membership:
        bodies = []
        while message := membership.basic_get("dead.membership", no_ack=True):
            bodies.append(message.body)
    assert "kept" in bodies


def test_a_second_platform_runs_beside_the_first(servers: Platform, tmp_path: Path) -> None:
    second = Platform(tmp_path, services=())
    try:
        second.postgres.start()
        assert second.postgres.admin_url.port != servers.postgres.admin_url.port
    finally:
        second.stop()
    assert servers.postgres.answers()


def test_a_given_server_is_used_and_never_stopped(servers: Platform) -> None:
    url = servers.postgres.admin_url.render_as_string(hide_password=False)
    postgres = GivenPostgres(url)
    broker = GivenBroker(
        servers.broker.amqp_uri("admin", servers.directory.password("broker_admin")), servers.broker.api.url
    )
    for given in (postgres, broker):
        given.start()
        given.stop()
    assert postgres.answers()
    assert broker.api.answers("overview")
    assert broker.amqp_uri("events", "p/w") == servers.broker.amqp_uri("events", "p/w")
    for staged in (postgres.restart, broker.freeze, broker.thaw, broker.stop_app, broker.start_app):
        with pytest.raises(NotOurs):
            staged()


def test_a_given_broker_needs_the_address_of_its_management(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AMQP_URI", "amqp://admin:secret@broker.example:5672/unionhall")
    monkeypatch.delenv("UNIONHALL_BROKER_API", raising=False)
    with pytest.raises(PlatformError, match="UNIONHALL_BROKER_API"):
        _ = Platform(tmp_path, services=()).broker
