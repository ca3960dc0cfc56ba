"""Others understand our events with their own tools: stock nameko, the CloudEvents SDK, a JSON Schema validator."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cloudevents.core.formats.json import JSONFormat

from contracts.events.activities import ActivityClosed
from contracts.validation import file_name
from tests.conftest import ROOT
from tests.integration.harness import Office, Town, eventually, held
from unionctl.platform import Platform

USER = "listener"
#: The queue that stock nameko makes for a handler: its event, its service and its method.
QUEUE = "evt-events-activity_closed--listener.take"
#: What the listener may do: have that queue, and bind it to the exchange of events.
RIGHTS = {
    "configure": rf"^{QUEUE}$".replace(".", r"\."),
    "write": rf"^{QUEUE}$".replace(".", r"\."),
    "read": rf"^({QUEUE}|events.events)$".replace(".", r"\."),
}


@pytest.fixture(scope="module")
def heard(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a stock nameko service writes down, a line for each event."""
    room, password = tmp_path_factory.mktemp("listener"), secrets.token_urlsafe(12)
    api, vhost = town.platform.broker.api, town.platform.broker.vhost
    api.put("users", USER, body={"password": password, "tags": ""})
    api.put("permissions", vhost, USER, body=RIGHTS)
    config = {
        "AMQP_URI": town.platform.broker.amqp_uri(USER, password),
        "DECLARE_EVENT_EXCHANGES": False,  # the exchange is ours, a stranger may not declare it
    }
    (room / "config.yml").write_text(json.dumps(config))  # JSON is YAML
    command = [sys.executable, "-m", "nameko", "run", "--config", str(room / "config.yml"), "listener"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "HEARD": str(room / "heard")}
    with (room / "log").open("w") as log:
        listener = subprocess.Popen(command, cwd=room, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: consumers(town.platform) == 1, "The listener does not listen.")
        yield room / "heard"
    finally:
        listener.terminate()
        listener.wait()
        api.delete("queues", vhost, QUEUE)
        api.delete("users", USER)


def consumers(platform: Platform) -> int:
    """How many consume the listener's queue."""
    with_consumers = platform.broker.api.get("consumers", platform.broker.vhost)
    return sum(consumer["queue"]["name"] == QUEUE for consumer in with_consumers)


@pytest.fixture(scope="module")
def event(heard: Path, office: Office) -> dict[str, Any]:
    """The event of an activity that was closed while the listener listened."""
    activity = held(office.officer, office.federation, close=True)
    eventually(lambda: heard.exists() and activity in heard.read_text(), "The listener hears nothing.")
    (body,) = [line for line in heard.read_text().splitlines() if activity in line]
    found: dict[str, Any] = json.loads(body)
    return found


def test_a_stock_nameko_service_hears_what_happened(event: dict[str, Any], office: Office) -> None:
    assert (event["type"], event["orgid"]) == (ActivityClosed.event_type.type, office.federation)
    assert (event["data"]["state"], event["data"]["union_id"]) == ("closed", office.federation)


def test_the_cloudevents_sdk_reads_it(event: dict[str, Any]) -> None:
    read = JSONFormat().read(None, json.dumps(event))
    assert (read.get_id(), read.get_type(), read.get_subject()) == (event["id"], event["type"], event["subject"])
    assert read.get_data() == event["data"]


def test_the_committed_schemas_describe_it(event: dict[str, Any]) -> None:
    for name, document in (("envelope.v1.json", event), (file_name(ActivityClosed.event_type), event["data"])):
        schema = json.loads((ROOT / "contracts" / "generated" / "schemas" / name).read_text("utf-8"))
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        assert [error.message for error in validator.iter_errors(document)] == []
