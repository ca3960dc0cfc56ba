"""What an envelope says, how it is read back and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts import registry
from contracts.envelope import Envelope, InvalidEnvelope, build, headers

CLOSED = registry.events()["cn.unionhall.events.activity_closed.v1"]
HAPPENED = datetime(2024, 3, 8, 23, 30, tzinfo=UTC)
RECORDED = HAPPENED + timedelta(seconds=1, microseconds=5)


def _built(**changes: object) -> dict[str, object]:
    details = {
        "event_id": "0190163d-8694-739b-aea5-966c26f8ad91",
        "sequence": 7,
        "time": HAPPENED,
        "recorded_time": RECORDED,
        "org_id": "union",
        "region_code": "330110",
        **changes,
    }
    return build(CLOSED, {"activity_id": "activity"}, **details)


def test_an_envelope_names_its_event_and_its_aggregate() -> None:
    body = _built()

    assert body["specversion"] == "1.0"
    assert body["source"] == "urn:unionhall:events"
    assert body["type"] == "cn.unionhall.events.activity_closed.v1"
    assert body["dataschema"] == "urn:unionhall:schema:events.activity_closed:v1"
    assert body["subject"] == body["partitionkey"] == "activity"
    assert body["dataclassification"] == "public"


def test_times_are_written_in_shanghai() -> None:
    body = _built()

    assert body["time"] == "2024-03-09T07:30:00+08:00"
    assert body["recordedtime"] == "2024-03-09T07:30:01.000005+08:00"


def test_sequences_compare_as_text() -> None:
    sequences = [_built(sequence=number)["sequence"] for number in (9, 10, 123_456)]

    assert sequences == sorted(sequences) and sequences[0] == "000000000009"


def test_attributes_that_are_not_known_are_absent_because_cloudevents_has_no_null() -> None:
    assert {"traceparent", "causationid"}.isdisjoint(_built())
    assert _built(traceparent="00-a-b-01", causation_id="c")["causationid"] == "c"


def test_what_was_built_is_read_back() -> None:
    envelope = Envelope.parse(_built(traceparent="00-a-b-01", causation_id="cause"))

    assert envelope == Envelope(
        id="0190163d-8694-739b-aea5-966c26f8ad91",
        type=CLOSED.type,
        source="urn:unionhall:events",
        subject="activity",
        sequence=7,
        time=HAPPENED,
        recorded_time=RECORDED,
        org_id="union",
        region_code="330110",
        classification="public",
        traceparent="00-a-b-01",
        causation_id="cause",
        data={"activity_id": "activity"},
    )


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {name: value for name, value in _built().items() if name != "orgid"},
        _built() | {"id": "seven"},
        _built() | {"id": 7},
        _built() | {"sequence": "seven"},
        _built() | {"time": "yesterday"},
        _built() | {"time": 5},
    ],
    ids=lambda body: type(body).__name__,
)
def test_a_body_that_is_no_envelope_is_refused(body: object) -> None:
    with pytest.raises(InvalidEnvelope):
        Envelope.parse(body)


def test_an_id_in_capitals_is_the_same_id() -> None:
    body = _built()
    assert Envelope.parse(body | {"id": body["id"].upper()}) == Envelope.parse(body)


def test_headers_mirror_the_attributes_but_not_the_data() -> None:
    mirrored = headers(_built())

    assert mirrored["cloudEvents_id"] == "0190163d-8694-739b-aea5-966c26f8ad91"
    assert mirrored["cloudEvents_sequence"] == "000000000007"
    assert {"cloudEvents_data", "cloudEvents_datacontenttype"}.isdisjoint(mirrored)
