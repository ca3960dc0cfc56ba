"""Golden samples: what each event looks like on the wire, as readers who are not ours understand it."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import referencing
from cloudevents.core.formats.json import JSONFormat

from contracts import registry, validation
from contracts.declare import EventType
from contracts.envelope import Envelope, build
from contracts.generate.samples import sample_event

EVENT_TYPES = registry.events().values()
SCHEMAS = [
    json.loads(file.read_text("utf-8")) for file in files("contracts").joinpath("generated", "schemas").iterdir()
]
every_event = pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.type)


@every_event
def test_an_event_passes_the_check_of_our_consumers(event_type: EventType) -> None:
    validation.validate(sample_event(event_type))


@every_event
def test_an_event_follows_the_published_schemas_for_another_validator(event_type: EventType) -> None:
    known = referencing.Registry().with_contents([(schema["$id"], schema) for schema in SCHEMAS])
    whole = validation.whole(event_type, str)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER

    jsonschema.Draft202012Validator(whole, registry=known, format_checker=checker).validate(sample_event(event_type))


def test_the_samples_of_an_activitys_events_tell_one_life() -> None:
    told = {event.name: sample_event(event) for event in EVENT_TYPES if event.capability == "activities"}
    data = {name: event["data"] for name, event in told.items()}

    assert {name: each["state"] for name, each in data.items() if "state" in each} == {
        "activity_published": "open",
        "activity_held": "held",
        "activity_closed": "closed",
        "activity_corrected": "closed",
        "activity_voided": "voided",
        "activity_cancelled": "cancelled",
    }
    closed = data["activity_closed"]
    assert 1 <= closed["sessions"] <= closed["attendances"]
    assert closed["distinct_subjects"] <= closed["attendances"] <= closed["sessions"] * closed["distinct_subjects"]
    assert closed["starts_at"][:10] == closed["held_on"] < told["activity_closed"]["time"][:10]
    assert closed["union_id"] == told["activity_closed"]["orgid"] != closed["activity_id"]


@every_event
def test_an_event_is_a_cloudevent_for_the_official_sdk(event_type: EventType) -> None:
    golden = sample_event(event_type)

    event = JSONFormat().read(None, json.dumps(golden))

    assert event.get_id() == golden["id"]
    assert event.get_type() == golden["type"]
    assert event.get_time() == datetime.fromisoformat(golden["time"])
    assert event.get_extension("sequence") == golden["sequence"]
    assert event.get_data() == golden["data"]


@every_event
def test_an_event_comes_back_from_the_wire_as_it_went(event_type: EventType) -> None:
    golden = sample_event(event_type)

    read = Envelope.parse(json.loads(json.dumps(golden)))
    again = build(
        event_type,
        read.data,
        event_id=read.id,
        sequence=read.sequence,
        time=read.time,
        recorded_time=read.recorded_time,
        org_id=read.org_id,
        region_code=read.region_code,
        traceparent=read.traceparent,
        causation_id=read.causation_id,
    )

    assert again == golden


@every_event
def test_a_reader_of_today_accepts_fields_and_codes_of_tomorrow(event_type: EventType) -> None:
    golden = sample_event(event_type)
    codes = {name: "a_code_of_tomorrow" for name, field in _fields(event_type) if hasattr(field, "values")}
    golden["data"] = {**golden["data"], **codes, "field_of_tomorrow": 1}

    validation.validate({**golden, "attributeoftomorrow": "x"})


@every_event
def test_an_event_without_one_of_its_fields_is_refused(event_type: EventType) -> None:
    golden = sample_event(event_type)
    for name, field in _fields(event_type):
        if field.required:
            rest = {key: value for key, value in golden["data"].items() if key != name}
            with pytest.raises(validation.InvalidEvent, match=f"{name} is missing"):
                validation.validate({**golden, "data": rest})


@every_event
def test_the_subject_of_an_event_is_one_of_its_fields(event_type: EventType) -> None:
    assert event_type.subject in dict(_fields(event_type))


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema["$id"])
def test_a_published_schema_is_valid(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def _fields(event_type: EventType) -> list[tuple[str, Any]]:
    return list(event_type.schema().fields.items())
