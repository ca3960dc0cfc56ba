"""The standard's own parser reads the AsyncAPI document, which names every exchange, key and consumer."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts import registry
from contracts.generate.documents import GENERATED

DOCUMENT = json.loads((GENERATED / "asyncapi.json").read_text("utf-8"))
CHECK = Path(__file__).parent / "asyncapi"
#: Where npm puts the parser, so that it is fetched once.
INSTALLED = Path(__file__).parents[2] / ".run" / "npm" / "asyncapi"
#: Severities of the parser's findings: an error and a warning.
WARNING = 1


@pytest.fixture(scope="module")
def parsed() -> dict[str, Any]:
    """What `@asyncapi/parser` says; without npm the test is skipped at home and fails on CI."""
    if shutil.which("npm") is None and "CI" not in os.environ:
        pytest.skip("npm is not installed, so the AsyncAPI document cannot be parsed by the standard's own parser")
    lock, done = (CHECK / "package-lock.json").read_text("utf-8"), INSTALLED / "done"
    shutil.copytree(CHECK, INSTALLED, dirs_exist_ok=True)
    if not done.exists() or done.read_text("utf-8") != lock:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=INSTALLED, check=True)
        done.write_text(lock, "utf-8")
    text = json.dumps(DOCUMENT)
    run = subprocess.run(["node", "check.js"], cwd=INSTALLED, input=text, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.slow
def test_the_document_is_valid_asyncapi(parsed: dict[str, Any]) -> None:
    assert [each for each in parsed["diagnostics"] if each["severity"] <= WARNING] == []
    assert set(parsed["operations"]) == set(DOCUMENT["operations"])


def test_every_event_has_a_channel_on_its_owners_exchange() -> None:
    channels = {
        (channel["bindings"]["amqp"]["exchange"]["name"], channel["address"])
        for channel in DOCUMENT["channels"].values()
    }

    assert channels == {(f"{each.service}.events", each.routing_key) for each in registry.events().values()}


def test_every_subscription_is_an_operation() -> None:
    received = {
        (operation["x-queue"], operation["channel"]["$ref"].rpartition("/")[2])
        for operation in DOCUMENT["operations"].values()
        if operation["action"] == "receive"
    }

    assert received == {
        (f"evt.{consumer}", f"{each.service}.{each.routing_key}")
        for consumer, types in registry.subscriptions().items()
        for each in types
    }
