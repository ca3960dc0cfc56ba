"""The committed documents agree with the declarations and with what was released."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.generate import documents

CLOSED = "schemas/events.activity_closed.v1.json"


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    return Path(shutil.copytree(documents.GENERATED, tmp_path / "generated"))


@pytest.fixture
def released(tmp_path: Path) -> Path:
    folder = tmp_path / "released"
    documents.release(documents.GENERATED, folder)
    return folder


def _rewrite(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


def test_the_committed_documents_say_what_the_declarations_say() -> None:
    assert list(documents.drift(documents.GENERATED)) == []


def test_nothing_that_was_released_has_changed() -> None:
    assert list(documents.breaks(documents.GENERATED, documents.RELEASED)) == []


def test_drift_names_what_was_edited_what_is_missing_and_what_nothing_declares(generated: Path) -> None:
    _rewrite(generated / "openapi.json", info={})
    (generated / "asyncapi.json").unlink()
    (generated / "schemas" / "events.forgotten.v1.json").write_text("{}")

    named = [fault.partition(" ")[0] for fault in documents.drift(generated)]
    assert named == ["asyncapi.json", "openapi.json", "schemas/events.forgotten.v1.json"]


def test_writing_mends_all_drift(generated: Path) -> None:
    _rewrite(generated / "openapi.json", info={})
    (generated / "asyncapi.json").unlink()
    (generated / "schemas" / "events.forgotten.v1.json").write_text("{}")

    documents.write(generated)

    assert list(documents.drift(generated)) == []


def test_what_was_just_released_is_compatible(released: Path) -> None:
    assert list(documents.breaks(documents.GENERATED, released)) == []


def test_a_released_event_that_lost_a_field_is_named(generated: Path, released: Path) -> None:
    schema = json.loads((generated / CLOSED).read_text("utf-8"))
    del schema["properties"]["theme"]
    _rewrite(generated / CLOSED, **schema)

    assert {fault.partition(":")[0] for fault in documents.breaks(generated, released)} == {CLOSED}


def test_a_released_event_that_is_gone_is_named(generated: Path, released: Path) -> None:
    (generated / CLOSED).unlink()

    assert list(documents.breaks(generated, released)) == [f"{CLOSED}: was released and is gone"]


def test_a_released_route_that_is_gone_is_named(generated: Path, released: Path) -> None:
    _rewrite(generated / "openapi.json", paths={})

    assert any(
        fault.startswith("openapi.json: GET /v1/unions: is gone") for fault in documents.breaks(generated, released)
    )
